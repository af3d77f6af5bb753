//! The configuration file and the places of the token, as users meet them.
#![cfg(all(feature = "cli", unix))]
#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::panic,
        clippy::indexing_slicing,
        clippy::string_slice,
        reason = "tests may fail"
    )
)]

mod program;

use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use program::{Ran, Sandbox, ran};

const TOKEN: &str = "tOkEn-0123456789-never-shown";

/// A user with a home of their own.
struct Home(PathBuf);

impl Home {
    fn new(name: &str) -> Self {
        Self(program::folder(&format!("config-{name}")))
    }

    fn config(&self) -> PathBuf {
        self.0.join("config/cwql/config.toml")
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = program::command();
        command.args(args).env("XDG_CONFIG_HOME", self.0.join("config")).env("XDG_CACHE_HOME", self.0.join("cache"));
        command.env("HOME", &self.0).env_remove("CWQL_NO_CACHE");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        ran(&mut self.command(args))
    }

    /// Runs the program with a text on standard input.
    fn reads(&self, input: &str, args: &[&str]) -> Ran {
        let mut command = self.command(args);
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // A program that does not read it may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        Ran::from(child.wait_with_output().unwrap())
    }

    /// Writes the configuration file.
    fn write(&self, text: &str, mode: u32) {
        fs::create_dir_all(self.config().parent().unwrap()).unwrap();
        fs::write(self.config(), text).unwrap();
        fs::set_permissions(self.config(), Permissions::from_mode(mode)).unwrap();
    }

    fn file(&self, name: &str, text: &str, mode: u32) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Everything in the home.
    fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut folders) = (Vec::new(), vec![self.0.clone()]);
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path.clone());
                }
                found.push(path);
            }
        }
        found.sort();
        found
    }

    /// A profile for a sandbox, without a token.
    fn configure(&self, server: &Sandbox) {
        for (key, value) in [("url", server.url()), ("account_id", &server.account_id().to_string())] {
            self.run(&["config", "set", key, value]).exits(0).silent();
        }
    }
}

impl Ran {
    fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:?}");
        assert!(!self.out.contains(TOKEN) && !self.err.contains(TOKEN), "the token is shown: {self:?}");
        self
    }

    fn silent(self) {
        assert_eq!((self.out.as_str(), self.err.as_str()), ("", ""));
    }

    fn says(self, parts: &[&str]) {
        for part in parts {
            assert!(self.err.contains(part), "no `{part}` in {}", self.err);
        }
        assert_eq!(self.out, "");
    }
}

fn mode(path: &std::path::Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

const ASK: [&str; 4] = ["id = 163", "--output", "ids", "--no-cache"];

/// The same, with more options.
fn asking<'a>(more: &[&'a str]) -> Vec<&'a str> {
    ASK.into_iter().chain(more.iter().copied()).collect()
}

#[test]
fn the_file_is_at_the_xdg_place_or_where_a_variable_says() {
    let home = Home::new("path");
    assert_eq!(home.run(&["config", "path"]).exits(0).out, format!("{}\n", home.config().display()));
    let elsewhere = home.0.join("else where.toml");
    let at = |args: &[&str]| ran(home.command(args).env("CWQL_CONFIG", &elsewhere));
    assert_eq!(at(&["config", "path"]).exits(0).out, format!("{}\n", elsewhere.display()));
    at(&["config", "set", "url", "https://x.example/?key=s3cret"]).exits(4).says(&["`https://x.example/?…` is no"]);
    at(&["config", "set", "url", "https://x.example"]).exits(0).silent();
    assert!(elsewhere.exists() && !home.config().exists());
    fs::set_permissions(&elsewhere, Permissions::from_mode(0o666)).unwrap();
    let quoted = format!("chmod 600 '{}'", elsewhere.display());
    at(&["config", "show"]).exits(4).says(&["may be written by everybody", &quoted]);
}

#[test]
fn a_first_configuration_is_private_and_works() {
    let (home, server) = (Home::new("first"), Sandbox::start([]));
    home.run(&ASK).exits(4).says(&["no server to ask", "cwql config set url", "cwql config set token", "--demo"]);
    home.configure(&server);
    home.run(&ASK).exits(4).says(&["no access token", "`default`", "cwql config set token"]);
    home.reads(&format!("{}\nand more\n", server.token()), &["config", "set", "token"])
        .exits(0)
        .says(&["the token of the profile `default` is in", "config.toml"]);
    assert_eq!(home.run(&ASK).exits(0).out, "163\n");
    assert_eq!((mode(&home.config()), mode(home.config().parent().unwrap())), (0o600, 0o700));
    let shown = home.run(&["config", "show"]).exits(0).out;
    assert!(!shown.contains(server.token()), "{shown}");
    for part in ["profile default", server.url(), "(not shown)", home.config().to_str().unwrap()] {
        assert!(shown.contains(part), "no `{part}` in {shown}");
    }
    // Nothing is left of how it was written.
    assert_eq!(fs::read_dir(home.config().parent().unwrap()).unwrap().count(), 1);
    home.run(&["config", "unset", "token"]).exits(0).says(&["the token of `", "no more"]);
    assert!(!fs::read_to_string(home.config()).unwrap().contains("token"));
    home.run(&["config", "unset", "token"]).exits(1).says(&["there is no token to remove"]);
}

#[test]
fn changes_keep_comments_and_links() {
    let home = Home::new("comments");
    home.write("# mine\n[profile.work] # the shop\nurl = \"https://a.example\" # old\n", 0o600);
    let real = home.0.join("dotfiles.toml");
    fs::rename(home.config(), &real).unwrap();
    std::os::unix::fs::symlink(&real, home.config()).unwrap();
    home.run(&["config", "set", "url", "https://b.example"]).exits(0).silent();
    home.run(&["config", "set", "--profile", "home", "account_id", "7"]).exits(0).silent();
    home.run(&["config", "set", "default_profile", "work"]).exits(0).silent();
    assert!(fs::symlink_metadata(home.config()).unwrap().is_symlink());
    let text = fs::read_to_string(&real).unwrap();
    for part in [
        "# mine\n",
        "[profile.work] # the shop\nurl = \"https://b.example\" # old\n",
        "[profile.home]\naccount_id = 7\n",
    ] {
        assert!(text.contains(part), "no `{part}` in {text}");
    }
    assert!(home.run(&["config", "show"]).exits(0).out.contains("https://b.example"));
    assert!(home.run(&["config", "show", "--profile", "home"]).exits(0).out.contains("7"));
    home.run(&["config", "set", "default_profile", "hom"]).exits(4).says(&["no profile `hom`", "perhaps `home`"]);
    home.run(&["config", "unset", "default_profile"]).exits(0).silent();
}

/// A manager of dot files may have made the link before the file.
#[test]
fn a_link_to_a_file_that_is_not_there_yet_stays_a_link() {
    use std::os::unix::fs::symlink;

    let home = Home::new("dangling");
    let at = |args: &[&str]| ran(home.command(args).env("CWQL_CONFIG", home.0.join("link.toml")));
    symlink("second.toml", home.0.join("link.toml")).unwrap();
    symlink("dot/real.toml", home.0.join("second.toml")).unwrap();
    at(&["config", "set", "url", "https://x.example"]).exits(0).silent();
    at(&["config", "set", "account_id", "7"]).exits(0).silent();
    for link in ["link.toml", "second.toml"] {
        assert!(fs::symlink_metadata(home.0.join(link)).unwrap().is_symlink(), "{link}");
    }
    let text = fs::read_to_string(home.0.join("dot/real.toml")).unwrap();
    assert_eq!(text, "[profile.default]\nurl = \"https://x.example\"\naccount_id = 7\n");
    assert_eq!(mode(&home.0.join("dot/real.toml")), 0o600);
    assert_eq!(fs::read_dir(home.0.join("dot")).unwrap().count(), 1);
    // One that leads in a circle leads nowhere, and is left as it is.
    fs::remove_file(home.0.join("second.toml")).unwrap();
    symlink("link.toml", home.0.join("second.toml")).unwrap();
    let ran = at(&["config", "set", "url", "https://x.example"]);
    assert!(ran.code == 3 || ran.code == 4, "{ran:?}");
    assert!(fs::symlink_metadata(home.0.join("link.toml")).unwrap().is_symlink());
}

#[test]
fn changes_at_one_time_are_all_made() {
    let home = Home::new("at-once");
    let children: Vec<_> = (0..12)
        .map(|i| {
            let (name, url) = (format!("p{i}"), format!("https://{i}.example"));
            home.command(&["config", "set", "--profile", &name, "url", &url]).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let text = fs::read_to_string(home.config()).unwrap();
    for i in 0..12 {
        assert!(text.contains(&format!("[profile.p{i}]\nurl = \"https://{i}.example\"\n")), "{i} is lost: {text}");
    }
    assert_eq!(fs::read_dir(home.config().parent().unwrap()).unwrap().count(), 1);
}

/// Whoever is asked for a token takes their time, and others change the file meanwhile.
#[test]
fn a_token_that_is_waited_for_undoes_no_change() {
    let home = Home::new("meanwhile");
    home.run(&["config", "set", "account_id", "7"]).exits(0).silent();
    let mut command = home.command(&["config", "set", "token"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    home.run(&["config", "set", "url", "https://x.example"]).exits(0).silent();
    child.stdin.take().unwrap().write_all(TOKEN.as_bytes()).unwrap();
    Ran::from(child.wait_with_output().unwrap()).exits(0);
    let text = fs::read_to_string(home.config()).unwrap();
    assert!(text.contains("url = \"https://x.example\"\n") && text.contains(TOKEN), "{text}");
}

/// A program that holds the lock is waited for; the lock of one that has ended holds nobody.
#[test]
fn a_change_waits_for_another() {
    use rustix::fs::{FlockOperation, flock};

    let home = Home::new("locked");
    home.run(&["config", "set", "account_id", "7"]).exits(0).silent();
    let folder = fs::File::open(home.config().parent().unwrap()).unwrap();
    flock(&folder, FlockOperation::LockExclusive).unwrap();
    let mut child = home.command(&["config", "set", "account_id", "8"]).spawn().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(child.try_wait().unwrap(), None);
    // What is not changed is not waited for.
    assert!(home.run(&["config", "show"]).exits(0).out.contains('7'));
    home.run(&["config", "unset", "tz"]).exits(1).says(&["there is no tz to remove"]);
    drop(folder);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(home.run(&["config", "show"]).exits(0).out.contains('8'));
}

#[test]
fn what_is_set_is_checked_first() {
    let home = Home::new("checked");
    for (args, message) in [
        (&["ulr", "https://x"][..], "perhaps `url`"),
        (&["url", "x.example"], "https://chat.example.com"),
        (&["account_id", "one"], "`one` is not a whole number"),
        (&["account_id"], "`account_id` needs a value"),
        (&["account_id", "0"], "no account's id"),
        (
            &["url", "https://chat.example.com/app/accounts/3/dashboard"],
            "the server's address is https://chat.example.com",
        ),
        (&["tz", "Mars"], "Europe/Berlin"),
        (&["output", "cvs"], "perhaps `csv`"),
        (&["keyring", "yes"], "true or false"),
        (&["token", TOKEN], "a token is not an argument"),
    ] {
        let args: Vec<&str> = ["config", "set"].iter().chain(args).copied().collect();
        home.run(&args).exits(4).says(&[message]);
    }
    home.reads("\n", &["config", "set", "token"]).exits(4).says(&["the first line of standard input is empty"]);
    home.reads("two words\n", &["config", "set", "token"]).exits(4).says(&["holds more than a token"]);
    assert!(!home.config().exists());
}

#[test]
fn mistakes_in_the_file_have_a_place_and_show_no_token() {
    let home = Home::new("mistakes");
    for (text, message) in [
        (format!("[profile.a]\ntoken = \"{TOKEN}\"\nulr = \"x\""), ":3:1: there is no key `ulr`\n  perhaps `url`"),
        (format!("[profile.a]\ntoken = {TOKEN}"), ":2:9: "),
        (format!("[profile.a]\ntoken = \"{TOKEN}"), ":2:"),
        ("[profile.a]\naccount_id = \"7\"".to_owned(), ":2:1: `account_id` is a whole number"),
        ("default_profile = \"b\"\n[profile.bb]".to_owned(), "there is no such profile\n  the profiles are bb"),
    ] {
        home.write(&text, 0o600);
        for command in [&ASK[..], &["config", "show"], &["explain", "id = 1"], &["account", "show"]] {
            home.run(command).exits(4).says(&["config.toml:", message]);
        }
    }
    home.write("[profile.work]\n[profile.home]\n", 0o600);
    home.run(&["id = 1", "--profile", "wrok"])
        .exits(4)
        .says(&["no profile `wrok`, which --profile asks for", "perhaps `work`"]);
    ran(home.command(&["id = 1"]).env("CWQL_PROFILE", "hme"))
        .exits(4)
        .says(&["CWQL_PROFILE asks for", "perhaps `home`"]);
}

/// To count it as unset would be to ask another server, or as somebody else.
#[test]
fn a_variable_that_is_no_text_is_named() {
    let home = Home::new("bytes");
    let bytes: &OsStr = OsStrExt::from_bytes(b"a\xff");
    for name in
        ["CHATWOOT_BASE_URL", "CHATWOOT_ACCOUNT_ID", "CHATWOOT_API_ACCESS_TOKEN", "CWQL_PROFILE", "CWQL_NO_CACHE"]
    {
        let mut command = home.command(&["id = 1"]);
        command.env("CHATWOOT_BASE_URL", "http://127.0.0.1:9").env("CHATWOOT_ACCOUNT_ID", "1");
        command.env("CHATWOOT_API_ACCESS_TOKEN", TOKEN).env(name, bytes);
        ran(&mut command).exits(4).says(&[&format!("the variable {name} is not UTF-8")]);
    }
    ran(home.command(&["compile", "id = 1"]).env("CWQL_PROFILE", bytes)).exits(0);
    // A path need not be a text.
    let config = home.0.join(bytes);
    fs::write(&config, "[profile.work]\nurl = \"https://chat.example.com\"\n").unwrap();
    fs::set_permissions(&config, Permissions::from_mode(0o600)).unwrap();
    assert!(ran(home.command(&["config", "show"]).env("CWQL_CONFIG", &config)).out.contains("chat.example.com"));
}

/// A file that was read in part would be written back in part.
#[test]
fn a_file_that_is_too_long_is_refused() {
    let home = Home::new("long");
    let text = format!("[profile.a]\naccount_id = 1\n# {}\n[profile.b]\naccount_id = 2\n", "x".repeat(1 << 20));
    home.write(&text, 0o600);
    home.run(&["config", "set", "account_id", "3", "--profile", "a"]).exits(4).says(&["config.toml is longer than"]);
    home.run(&["config", "show"]).exits(4);
    let path = home.run(&["config", "path"]).exits(0).out;
    assert_eq!(fs::read_to_string(path.trim()).unwrap(), text);
}

/// Neither the file, nor what is kept, nor certificates, nor a proxy: each is broken here, and nothing comes to be.
#[test]
fn commands_without_a_server_touch_nothing() {
    let home = Home::new("offline");
    home.write("this is no TOML", 0o666);
    let payload =
        r#"[{"attribute_key":"status","filter_operator":"equal_to","values":["open"],"query_operator":null}]"#;
    let payload = home.file("payload.json", payload, 0o600);
    let conversations = home.file("conversations.ndjson", r#"{"id": 163, "status": "open"}"#, 0o600);
    let garbage = home.file("garbage.pem", "-----BEGIN CERTIFICATE-----\n?\n", 0o600);
    // A file where a folder belongs: neither can it be read, nor anything be kept there.
    home.file("cache", "no folder", 0o600);
    let broken = |args: &[&str]| {
        let mut command = home.command(args);
        for (name, value) in [
            ("SSL_CERT_FILE", garbage.as_str()),
            ("SSL_CERT_DIR", "/nowhere"),
            ("https_proxy", "http://127.0.0.1:1"),
            ("ALL_PROXY", "http://127.0.0.1:1"),
            ("CHATWOOT_BASE_URL", "nonsense"),
            ("CHATWOOT_ACCOUNT_ID", "nonsense"),
            ("CWQL_PROFILE", "none"),
            ("TZDIR", "/nowhere"),
        ] {
            command.env(name, value);
        }
        ran(&mut command)
    };
    let before = home.files();
    for args in [
        &["compile", "status = open AND created_at > -2d"][..],
        &["compile", "status = open", "--now", "2026-06-15T12:00:00Z", "--rolling"],
        &["check", "status = open"],
        &["check", "--payload", &payload],
        &["fmt", "status = open"],
        &["decompile", &payload],
        &["fields"],
        &["completions", "bash"],
        &["help", "language"],
        &["help", "compile"],
        &["--explain", "cwql::unknown_value"],
        &["--data", &conversations, "status = open", "--output", "ids"],
        &["run", "--data", &conversations, "status = open", "--output", "csv"],
        &["--demo", "id = 163"],
        &["count", "--demo", "id = 163"],
        &["explain", "--demo", "id = 163"],
        &["config", "path"],
        &["--version"],
        &["--help"],
        &["-h"],
        &["compile", "--help"],
    ] {
        let ran = broken(args).exits(0);
        assert_eq!(ran.err, "", "{args:?}");
        assert_eq!(ran.out, home.run(args).exits(0).out, "{args:?}");
    }
    // Mistakes are told as ever, too.
    broken(&["compile", "status = opne"]).exits(2).says(&["perhaps `open`"]);
    broken(&["compile", "--nonsense"]).exits(4).says(&["unexpected argument '--nonsense'"]);
    assert_eq!(home.files(), before);
    // Who asks a server meets what is broken.
    home.run(&["status = open"]).exits(4).says(&["config.toml"]);
}

#[test]
fn who_may_read_the_file_decides_whether_a_token_in_it_is_used() {
    let (home, server) = (Home::new("modes"), Sandbox::start([]));
    let profile = format!("[profile.a]\nurl = \"{}\"\naccount_id = 1\n", server.url());
    let with_token = format!("{profile}token = \"{}\"\n", server.token());
    for mode in [0o600, 0o400, 0o700] {
        home.write(&with_token, 0o600);
        fs::set_permissions(home.config(), Permissions::from_mode(mode)).unwrap();
        assert_eq!(home.run(&ASK).exits(0).out, "163\n", "{mode:o}");
        fs::set_permissions(home.config(), Permissions::from_mode(0o600)).unwrap();
    }
    for mode in [0o640, 0o604, 0o620] {
        home.write(&with_token, mode);
        let command = format!("chmod 600 {}", home.config().display());
        home.run(&ASK).exits(4).says(&["holds a token and may be read or written by others", &command]);
        home.write(&profile, mode);
        let env = ran(home.command(&ASK).env("CHATWOOT_API_ACCESS_TOKEN", server.token()));
        assert_eq!(env.exits(0).out, "163\n", "{mode:o}");
    }
    home.write(&profile, 0o602);
    home.run(&ASK).exits(4).says(&["may be written by everybody"]);
}

#[test]
fn a_token_comes_from_each_place() {
    let (home, server) = (Home::new("places"), Sandbox::start([]));
    home.configure(&server);
    let good = home.file("good token", &format!("  {}\r\n", server.token()), 0o600);
    let wrong = home.file("wrong", TOKEN, 0o600);
    assert_eq!(home.run(&asking(&["--token-file", &good])).exits(0).out, "163\n");
    assert_eq!(home.reads(server.token(), &asking(&["--token", "-"])).exits(0).out, "163\n");
    // An argument goes before the environment, the environment before the profile.
    home.run(&["config", "set", "token_file", &wrong]).exits(0).silent();
    home.run(&ASK).exits(3).says(&["401"]);
    let environment = |args: &[&str], token: &str| ran(home.command(args).env("CHATWOOT_API_TOKEN", token));
    assert_eq!(environment(&ASK, server.token()).exits(0).out, "163\n");
    environment(&asking(&["--token-file", &wrong]), server.token()).exits(3).says(&["401"]);
    assert_eq!(environment(&asking(&["--token-file", &good]), TOKEN).exits(0).out, "163\n");
    // A profile's file is looked for beside the configuration, or at home.
    home.file("config/cwql/beside", server.token(), 0o600);
    home.file("at-home", server.token(), 0o600);
    for file in ["beside", "~/at-home", &good] {
        home.run(&["config", "set", "token_file", file]).exits(0).silent();
        assert_eq!(home.run(&ASK).exits(0).out, "163\n", "{file}");
    }
    assert!(home.run(&["config", "show"]).exits(0).out.contains("good token"));
    // One that is named from the working folder is found from everywhere.
    let here = PathBuf::from(&good);
    let mut set = home.command(&["config", "set", "token_file", here.file_name().unwrap().to_str().unwrap()]);
    ran(set.current_dir(here.parent().unwrap())).exits(0).silent();
    assert_eq!(home.run(&ASK).exits(0).out, "163\n");

    let readable = home.file("readable", TOKEN, 0o640);
    let command = format!("chmod 600 {readable}");
    home.run(&asking(&["--token-file", &readable])).exits(4).says(&["may be read or written by others", &command]);
    let empty = home.file("empty", "\n", 0o600);
    home.run(&asking(&["--token-file", &empty])).exits(4).says(&["is empty"]);
    let two = home.file("two", &format!("{TOKEN}\n{TOKEN}\n"), 0o600);
    home.run(&asking(&["--token-file", &two])).exits(4).says(&["holds more than a token"]);
    home.run(&asking(&["--token-file", "/nowhere"])).exits(4).says(&["/nowhere cannot be read"]);
    let mistaken = home.run(&asking(&["--token-file", "uGy4Wm8NsB7LrTzXqPd2KfVe"])).exits(4);
    assert!(mistaken.err.contains("no such token file") && !mistaken.err.contains("uGy4"), "{}", mistaken.err);
    home.run(&asking(&["--token", "-"])).exits(4).says(&["the first line of standard input is empty"]);
    // Wherever a token comes from, what is none is not sent.
    for (token, wrong) in [("two words".to_owned(), "more than a token"), ("x".repeat(5000), "too long for a token")] {
        let told = ["the first line of standard input", wrong];
        home.reads(&format!("{token}\n"), &asking(&["--token", "-"])).exits(4).says(&told);
        let mut asked = home.command(&ASK);
        ran(asked.env("CHATWOOT_API_TOKEN", &token)).exits(4).says(&["CHATWOOT_API_TOKEN", wrong]);
        let text = fs::read_to_string(home.config()).unwrap();
        let text: String =
            text.lines().filter(|line| !line.starts_with("token")).map(|line| format!("{line}\n")).collect();
        home.write(&format!("{text}token = \"{token}\"\n"), 0o600);
        home.run(&ASK).exits(4).says(&["the token in", "config.toml", wrong]);
    }
}

#[test]
fn a_token_as_an_argument_is_refused_and_not_repeated() {
    let home = Home::new("argument");
    for args in [
        &["id = 1", "--url", "https://x.example", "--account-id", "1", "--token", TOKEN][..],
        &["run", "id = 1", "--url", "https://x.example", "--account-id", "1", &format!("--token={TOKEN}")],
        &["account", "pull", "--url", "https://x.example", "--account-id", "1", "--token", TOKEN],
    ] {
        home.run(args).exits(4).says(&["a token is not an argument", "`--token -`", "--token-file"]);
    }
    for args in [
        &["id = 1", "--token", TOKEN, "--nonsense"][..],
        &["id = 1", "--token", TOKEN, "--token-file", "x"],
        &["id = 1", "--token", TOKEN, "--demo"],
        &["compile", "id = 1", "--token", TOKEN],
        &["config", "set", "token", TOKEN],
    ] {
        home.run(args).exits(4);
    }
}

#[test]
fn an_argument_goes_before_a_variable_and_that_before_the_profile() {
    let (home, server) = (Home::new("precedence"), Sandbox::start([]));
    let token = home.file("token", server.token(), 0o600);
    home.write("[profile.work]\nurl = \"http://127.0.0.1:1\"\naccount_id = 99\n", 0o600);
    let ask = |args: &[&str], url: Option<&str>, id: Option<&str>| {
        let mut command = home.command(&[&ASK[..], &["--token-file", &token], args].concat());
        for (name, value) in [("CHATWOOT_BASE_URL", url), ("CHATWOOT_ACCOUNT_ID", id)] {
            if let Some(value) = value {
                command.env(name, value);
            }
        }
        ran(&mut command)
    };
    ask(&[], None, None).exits(3).says(&["127.0.0.1:1"]);
    ask(&[], Some(server.url()), None).exits(3).says(&["404"]);
    assert_eq!(ask(&[], Some(server.url()), Some("1")).exits(0).out, "163\n");
    ask(&["--account-id", "98"], Some(server.url()), Some("1")).exits(3).says(&["404"]);
    assert_eq!(ask(&["--url", server.url(), "--account-id", "1"], Some("x"), Some("98")).exits(0).out, "163\n");
    // Who names a profile and gets another server is told so.
    let named = ask(&["--profile", "work"], Some(server.url()), Some("1")).exits(0);
    assert!(named.err.contains("CHATWOOT_BASE_URL goes before the profile `work`"), "{}", named.err);
    assert!(named.err.contains("CHATWOOT_ACCOUNT_ID goes before the profile `work`"), "{}", named.err);
}

#[test]
fn a_profiles_token_is_for_its_own_server() {
    let (home, server) = (Home::new("own"), Sandbox::start([]));
    home.write(
        "[profile.work]\nurl = \"https://work.invalid/\"\naccount_id = 1\ntoken = \"tOkEn-0123456789-never-shown\"\n",
        0o600,
    );
    let message = "the token of the profile `work` is for https://work.invalid/, and is not sent to";
    home.run(&["id = 1", "--url", server.url()]).exits(4).says(&[message]);
    ran(home.command(&["id = 1"]).env("CHATWOOT_BASE_URL", server.url())).exits(4).says(&[message]);
    // The same server in another spelling is the same.
    home.run(&["id = 1", "--url", "https://WORK.invalid"]).exits(3);
}

/// One standard input is not two things: the first line of a query would be shown as one, and may be the token.
#[test]
fn a_token_and_a_query_are_not_both_read_from_standard_input() {
    let (home, server) = (Home::new("both"), Sandbox::start([]));
    home.configure(&server);
    let input = format!("{TOKEN}\nid = 163");
    for args in [&["-"][..], &["--file", "-"], &["count", "-"], &["explain", "-"], &["create", "--json", "-"]] {
        let both = [args, &["--token", "-"]].concat();
        home.reads(&input, &both).exits(4).says(&["standard input cannot be the token and something else"]);
    }
}

/// A password in an address is for the server, and shown to nobody.
#[test]
fn a_password_in_an_address_is_not_shown() {
    let home = Home::new("password");
    home.write(
        &format!("[profile.work]\nurl = \"https://me:s3cret@work.invalid/\"\naccount_id = 1\ntoken = \"{TOKEN}\"\n"),
        0o600,
    );
    let other = "https://me:s3cret@other.invalid";
    for args in [
        &["config", "show"][..],
        &["id = 1", "--dry-run"],
        &["list", "--dry-run"],
        &["id = 1"],
        &["id = 1", "--url", other],
    ] {
        let ran = home.run(args);
        assert!(!ran.out.contains("s3cret") && !ran.err.contains("s3cret"), "{args:?} {ran:?}");
        assert!(ran.out.contains("work.invalid") || ran.err.contains("work.invalid"), "{args:?} {ran:?}");
    }
    let ran = ran(home.command(&["config", "show"]).env("CHATWOOT_BASE_URL", other)).exits(0);
    assert!(ran.out.contains("other.invalid") && !ran.out.contains("s3cret"), "{ran:?}");
}

#[test]
fn several_profiles_without_a_default_are_named() {
    let home = Home::new("several");
    home.write("[profile.work]\nurl = \"https://w.invalid\"\n[profile.home]\naccount_id = 2\n", 0o600);
    let said = ["no server to ask", "the profiles work, home", "--profile", "cwql config set default_profile work"];
    home.run(&["id = 1"]).exits(4).says(&said);
}

#[test]
fn a_profile_has_habits_too() {
    let (home, server) = (Home::new("habits"), Sandbox::start([]));
    home.configure(&server);
    for (key, value) in
        [("output", "ids"), ("tz", "Pacific/Kiritimati"), ("concurrency", "2"), ("server_version", "4.11.1")]
    {
        home.run(&["config", "set", key, value]).exits(0).silent();
    }
    let ask = |args: &[&str]| ran(home.command(args).env("CHATWOOT_API_TOKEN", server.token())).exits(0).out;
    assert_eq!(ask(&["id = 163"]), "163\n");
    assert!(ask(&["id = 163", "--output", "csv"]).starts_with("id,status"));
    let explained = ask(&["explain", "created_at = 2026-11-19"]);
    assert!(explained.contains("2026-11-18T10:00:00Z"), "{explained}");
    let utc = ask(&["explain", "created_at = 2026-11-19", "--tz", "UTC"]);
    assert!(!utc.contains("T10:00:00Z"), "{utc}");
    let shown = home.run(&["config", "show"]).exits(0).out;
    for part in ["output", "ids", "Pacific/Kiritimati", "concurrency"] {
        assert!(shown.contains(part), "no `{part}` in {shown}");
    }
}

#[cfg(not(feature = "keyring"))]
#[test]
fn a_program_without_the_keyring_says_how_to_get_it() {
    let (home, server) = (Home::new("keyring"), Sandbox::start([]));
    home.configure(&server);
    let token = format!("token = \"{TOKEN}\"\n");
    let text = fs::read_to_string(home.config()).unwrap();
    home.write(&format!("{text}{token}"), 0o600);
    // It would forget the token that is there.
    for value in ["true", "false"] {
        home.run(&["config", "set", "keyring", value]).exits(4).says(&["cwql config set token"]);
        assert!(fs::read_to_string(home.config()).unwrap().contains(&token));
    }
    home.write(&format!("{text}keyring = true\n"), 0o600);
    home.run(&ASK).exits(4).says(&[
        "the system's keyring, which this cwql was built without",
        "--features keyring",
        "cwql config set token",
    ]);
    assert!(home.run(&["config", "show"]).exits(0).out.contains("the system's keyring"));
    // What it cannot reach it cannot remove.
    let stays = ["asks the system's keyring no more", "a token in it stays"];
    home.run(&["config", "unset", "token"]).exits(0).says(&stays);
    for key in [&["token_file", "f"][..], &["token"]] {
        home.write(&format!("{text}keyring = true\n"), 0o600);
        let args: Vec<&str> = ["config", "set"].iter().chain(key).copied().collect();
        home.reads(TOKEN, &args).exits(0).says(&stays);
        home.run(&["config", "unset", "keyring"]).exits(1).says(&["there is no keyring to remove"]);
    }
}

/// What is set as the message says is what was missing, where it was missing.
#[test]
fn what_is_missing_is_named_with_its_profile() {
    let home = Home::new("missing");
    let ran = home.run(&["status = open"]);
    assert!(ran.code == 4 && ran.err.contains("    cwql config set account_id 1\n"), "{}", ran.err);
    let stage = |args: &[&str]| home.run(&[args, &["--profile", "stage"]].concat());
    assert_eq!(stage(&["config", "set", "url", "https://chat.example.com"]).code, 0);
    let ran = stage(&["status = open"]);
    assert!(ran.err.contains("    cwql config set --profile stage account_id 1\n"), "{}", ran.err);
    assert!(!ran.err.contains("URL") && !ran.err.contains("config set --profile stage url"), "{}", ran.err);
    assert_eq!(stage(&["config", "set", "account_id", "1"]).code, 0);
    let ran = stage(&["status = open"]);
    assert!(
        ran.err.contains("no access token; the profile `stage` has none either\n  set CHATWOOT_API_ACCESS_TOKEN\n")
    );
    assert!(ran.err.contains("    cwql config set --profile stage token\n"), "{}", ran.err);
}

/// A profile without keys is none; what is not there is not removed in silence.
#[test]
fn a_profile_goes_with_its_last_key() {
    let home = Home::new("last-key");
    home.write("default_profile = \"stage\"\n\n[profile.stage]\nurl = \"https://a.example\"\n\n[profile.work]\nurl = \"https://b.example\"\n", 0o600);
    let ran = home.run(&["config", "unset", "token", "--profile", "stage"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, "cwql: there is no token to remove\n"));
    assert_eq!(home.run(&["config", "unset", "url", "--profile", "stage"]).code, 0);
    assert_eq!(fs::read_to_string(home.config()).unwrap().trim(), "[profile.work]\nurl = \"https://b.example\"");
}
