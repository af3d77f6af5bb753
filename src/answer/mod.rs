//! What a server answers, read from its bytes: pages of conversations, and a typed place for every documented member. It
//! takes no HTTP client, so that answers can come by one's own.

mod conversation;
mod counts;
mod page;
mod types;

pub use conversation::Conversation;
pub use counts::Counts;
#[cfg(feature = "client")]
pub(crate) use page::Answer;
pub use page::{NotAPage, Page};
pub use types::{
    Assignee, Availability, Contact, ContentType, ConversationDetails, ConversationMeta, Membership, Message,
    MessageStatus, MessageType, Object, Priority, Role, Secret, SenderType, Status, Team, Time,
};
