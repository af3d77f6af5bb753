//! What the documented endpoints return, with a typed place for every member.
//!
//! Servers of several versions, proxies and plug-ins answer a little differently, so that nothing is refused but what
//! is no object: a member that is missing, null, empty or of another type leaves its place empty; the last three are
//! kept in `other` with the members that have no place, and are written back from there.

mod conversation;
mod person;
mod time;
mod words;

use serde_json::{Map, Value};

use crate::eval::whole;

pub use conversation::{ConversationDetails, ConversationMeta, Message, Team};
pub use person::{Assignee, Contact, Membership, Secret};
pub use time::Time;
pub use words::{Availability, ContentType, MessageStatus, MessageType, Priority, Role, SenderType, Status};

/// A JSON object of no fixed shape.
pub type Object = Map<String, Value>;

/// What one JSON value can be read as.
pub(super) trait Typed: Sized {
    /// `None` if the value is of another type.
    fn read(value: &Value) -> Option<Self>;
    fn write(&self) -> Value;
}

/// What a member of an object can be read as; empty by default.
trait Member: Default {
    /// `None` if the value is of another type, or if nothing is in it.
    fn read_member(value: &Value) -> Option<Self>;
    /// `None` if nothing is in it.
    fn write_member(&self) -> Option<Value>;
}

impl<T: Typed> Member for Option<T> {
    fn read_member(value: &Value) -> Option<Self> {
        T::read(value).map(Some)
    }

    fn write_member(&self) -> Option<Value> {
        self.as_ref().map(T::write)
    }
}

impl<T: Typed> Member for Vec<T> {
    fn read_member(value: &Value) -> Option<Self> {
        let values = value.as_array().filter(|values| !values.is_empty())?;
        values.iter().map(T::read).collect()
    }

    fn write_member(&self) -> Option<Value> {
        (!self.is_empty()).then(|| self.iter().map(T::write).collect())
    }
}

impl Member for Object {
    fn read_member(value: &Value) -> Option<Self> {
        value.as_object().filter(|object| !object.is_empty()).cloned()
    }

    fn write_member(&self) -> Option<Value> {
        (!self.is_empty()).then(|| Value::Object(self.clone()))
    }
}

/// Takes a member out of an object if it can be read as what is wanted, else leaves it there.
fn take<T: Member>(object: &mut Object, key: &str) -> T {
    match object.get(key).and_then(T::read_member) {
        Some(member) => {
            object.remove(key);
            member
        }
        None => T::default(),
    }
}

/// What has a typed place goes before what an answer had there.
fn put<T: Member>(object: &mut Object, key: &str, member: &T) {
    if let Some(value) = member.write_member() {
        object.insert(key.to_owned(), value);
    }
}

impl Typed for Value {
    fn read(value: &Value) -> Option<Self> {
        Some(value.clone())
    }

    fn write(&self) -> Value {
        self.clone()
    }
}

impl Typed for bool {
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }

    fn write(&self) -> Value {
        Value::Bool(*self)
    }
}

impl Typed for String {
    fn read(value: &Value) -> Option<Self> {
        value.as_str().map(str::to_owned)
    }

    fn write(&self) -> Value {
        Value::String(self.clone())
    }
}

impl Typed for i64 {
    fn read(value: &Value) -> Option<Self> {
        whole(value)
    }

    fn write(&self) -> Value {
        Value::from(*self)
    }
}

/// Members whose values let others in.
fn is_secret(key: &str) -> bool {
    key.ends_with("token") || key == "hmac_identifier"
}

/// Puts a sign in the place of every secret.
fn redact(object: &mut Object) {
    for (key, value) in object.iter_mut() {
        match value {
            Value::Null => {}
            _ if is_secret(key) => *value = Value::from("…"),
            Value::Object(inner) => redact(inner),
            Value::Array(values) => values.iter_mut().filter_map(Value::as_object_mut).for_each(redact),
            _ => {}
        }
    }
}

/// Shows an object without its secrets.
fn show(name: &str, mut object: Object, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
    redact(&mut object);
    let object = Value::Object(object);
    if f.alternate() { write!(f, "{name} {object:#}") } else { write!(f, "{name} {object}") }
}

/// A struct of the members of a JSON object; a member whose name is no Rust name has it after `=`.
macro_rules! record {
    (@key $field:ident) => { stringify!($field) };
    (@key $field:ident $key:literal) => { $key };
    ($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident $(= $key:literal)?: $type:ty,)* }) => {
        $(#[$doc])*
        ///
        /// `Debug` shows it as JSON, without its secrets.
        #[derive(Clone, Default, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            $($(#[$field_doc])* pub $field: $type,)*
            /// The members without a place of their own, and those that are null, empty or of another type than
            /// their place. A place that is filled goes before what is kept here under its name.
            pub other: $crate::answer::types::Object,
        }

        impl $name {
            fn of_object(mut object: $crate::answer::types::Object) -> Self {
                Self {
                    $($field: $crate::answer::types::take(&mut object, record!(@key $field $($key)?)),)*
                    other: object,
                }
            }

            fn to_object(&self) -> $crate::answer::types::Object {
                let mut object = self.other.clone();
                $($crate::answer::types::put(&mut object, record!(@key $field $($key)?), &self.$field);)*
                object
            }
        }

        impl $crate::answer::types::Typed for $name {
            fn read(value: &serde_json::Value) -> Option<Self> {
                value.as_object().cloned().map(Self::of_object)
            }

            fn write(&self) -> serde_json::Value {
                serde_json::Value::Object(self.to_object())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::answer::types::Object::deserialize(deserializer).map(Self::of_object)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.to_object().serialize(serializer)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                $crate::answer::types::show(stringify!($name), self.to_object(), f)
            }
        }
    };
}
use record;
