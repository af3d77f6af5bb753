//! Files of the user's own: where they are, who may read them, and how they are replaced.

use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
#[cfg(unix)]
use std::time::{Duration, Instant};

use etcetera::BaseStrategy as _;

use super::args::path_variable;

/// As many links one behind the other are followed: as many as Linux does.
const MOST_LINKS: usize = 40;

/// How long another run may take to change a file: a thousand times as long as it does.
#[cfg(unix)]
const PATIENCE: Duration = Duration::from_secs(10);

/// How long to wait before looking again.
#[cfg(unix)]
const AGAIN: Duration = Duration::from_millis(5);

/// The configuration file: `CWQL_CONFIG`, else the XDG place. None where there is no home folder.
pub(super) fn config_path() -> Option<PathBuf> {
    path_variable("CWQL_CONFIG").or_else(|| {
        let base = etcetera::choose_base_strategy().ok()?;
        Some(base.config_dir().join("cwql").join("config.toml"))
    })
}

/// The folder of caches: `CWQL_CACHE_DIR`, else the XDG place. None where there is no home folder.
pub(super) fn cache_folder() -> Option<PathBuf> {
    path_variable("CWQL_CACHE_DIR").or_else(|| {
        let base = etcetera::choose_base_strategy().ok()?;
        Some(base.cache_dir().join("cwql"))
    })
}

/// Replaces a file, or makes it: readable by its owner alone, and either the old or the new one at any moment.
pub(super) fn replace(path: &Path, content: &[u8]) -> io::Result<()> {
    put(path, content, None)
}

/// Replaces a file that there is by one that the same may read and write: the old or the new one at any moment.
pub(super) fn rewrite(path: &Path, content: &[u8]) -> io::Result<()> {
    put(path, content, Some(fs::metadata(path)?.permissions()))
}

fn put(path: &Path, content: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
    let path = &behind_links(path)?;
    make_folder_of(path)?;
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.new", std::process::id()));
    let temporary = path.with_file_name(name);
    // Left by a run that was killed, whose number has come round again.
    let _ = fs::remove_file(&temporary);
    let permit = || permissions.map_or(Ok(()), |permissions| fs::set_permissions(&temporary, permissions));
    let written = write_new(&temporary, content).and_then(|()| permit()).and_then(|()| fs::rename(&temporary, path));
    if written.is_err() {
        // What cannot be removed either is no worse than the first error.
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// Where a path leads: a link, as managers of dot files make them, stays a link, whether its file is there or not yet.
fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut path = path.to_path_buf();
    for _ in 0..MOST_LINKS {
        let Ok(target) = fs::read_link(&path) else { return Ok(path) };
        // It is relative to the link's own folder.
        path = path.parent().map_or_else(|| target.clone(), |folder| folder.join(&target));
    }
    Err(io::Error::other("the link leads to too many others"))
}

/// Makes the folder of a file, for its owner alone.
fn make_folder_of(path: &Path) -> io::Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// As long as it is there, no other run of this program changes the file. The system takes it from a program that ends,
/// however that ends: none is left behind.
pub(super) struct Lock {
    /// The folder of the file, which stays where the file itself is replaced.
    #[cfg(unix)]
    _folder: Option<File>,
}

/// Waits until no other run changes a file, and keeps others from it; its folder is made.
///
/// # Errors
/// The folder cannot be made, or somebody else has kept it for too long.
#[cfg(unix)]
pub(super) fn lock(path: &Path) -> io::Result<Lock> {
    use rustix::fs::{FlockOperation, flock};
    use rustix::io::Errno;

    let path = behind_links(path)?;
    make_folder_of(&path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    // One that may be written to and not read cannot be locked, and is no reason to change nothing.
    let Ok(opened) = File::open(folder) else { return Ok(Lock { _folder: None }) };
    let began = Instant::now();
    loop {
        match flock(&opened, FlockOperation::NonBlockingLockExclusive) {
            Ok(()) => return Ok(Lock { _folder: Some(opened) }),
            Err(Errno::WOULDBLOCK) if began.elapsed() < PATIENCE => std::thread::sleep(AGAIN),
            Err(Errno::WOULDBLOCK) => {
                return Err(io::Error::other(format!("another program keeps {} locked", folder.display())));
            }
            // Nor is a file system without locks.
            Err(_) => return Ok(Lock { _folder: None }),
        }
    }
}

/// Makes the folder of a file. Elsewhere there is no lock in the oldest Rust that will do.
#[cfg(not(unix))]
pub(super) fn lock(path: &Path) -> io::Result<Lock> {
    make_folder_of(&behind_links(path)?)?;
    Ok(Lock {})
}

fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

/// The name of the file that one with this name was to replace, where a run was ended while it wrote it.
pub(super) fn replaced_by(name: &str) -> Option<&str> {
    let (name, process) = name.strip_suffix(".new")?.rsplit_once('.')?;
    (!process.is_empty() && process.bytes().all(|byte| byte.is_ascii_digit())).then_some(name)
}

/// What other users may do with an open file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Others {
    /// Nothing, or it is no file on a disk: a pipe belongs to the process that made it.
    Nothing,
    /// Some of them may read or write it.
    Something,
    /// Everybody may write it.
    Write,
}

/// What other users may do with an open file. Where there are no modes, as on Windows, folders protect it.
#[cfg(unix)]
pub(super) fn others(file: &File) -> io::Result<Others> {
    use std::os::unix::fs::PermissionsExt as _;

    let metadata = file.metadata()?;
    let mode = metadata.permissions().mode();
    Ok(match mode {
        _ if !metadata.is_file() => Others::Nothing,
        mode if mode & 0o002 != 0 => Others::Write,
        mode if mode & 0o066 != 0 => Others::Something,
        _ => Others::Nothing,
    })
}

/// What other users may do with an open file. Where there are no modes, as on Windows, folders protect it.
#[cfg(not(unix))]
pub(super) fn others(_file: &File) -> io::Result<Others> {
    Ok(Others::Nothing)
}

/// A path as a shell reads it.
pub(super) fn shell_path(path: &Path) -> String {
    shell_word(&path.display().to_string())
}

/// A text as a shell reads it as one word.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+@".contains(c);
    if text.chars().all(plain) { text.to_owned() } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_where_a_shell_would_split_it() {
        assert_eq!(shell_path(Path::new("/home/a/.config/cwql")), "/home/a/.config/cwql");
        assert_eq!(shell_path(Path::new("/home/it's me")), r"'/home/it'\''s me'");
    }
}
