//! What is to be carried to another system: the outbox that connectors empty.

use crate::prelude::*;

record! {
    /// A message that is to be carried to another system, and what became of it. The service makes what is carried and keeps track; a
    /// connector outside of it (Fiks IO, AMQP, a file drop) takes it, carries it, and says here how it went.
    OutboundMessage "outbound_message" "outbound-messages" "outbound_messages" of project {
        /// What sort of message it is.
        #[schema(example = "archive_package")]
        kind: OutboundKind,
        /// What it is about: the project or a document for an archive package, a political case for an utvalgssak.
        record: RecordRef,
        /// The organisation that it is for.
        recipient_id: Option<Uuid>,
        /// The connector that is to carry it, by a name that its operators choose.
        #[schema(min_length = 1, max_length = 100, example = "fiks-io")]
        channel: Option<String>,
        /// How far it has come. A new message is queued; then taken, delivered, receipted, or failed and queued again.
        #[serde(default)]
        #[schema(default = "queued", example = "queued")]
        state: OutboundState,
        /// What the transport calls the message: the address under which its receipt will come.
        #[schema(max_length = 200, example = "4c1b3c43-6a0c-4a8e-9a34-0a1e5d1c2f3b")]
        message_id: Option<String>,
        /// The entity tag of what was carried: which content of it the other system has.
        #[schema(max_length = 200, example = "5e0f2c1f6a7b8c9d")]
        payload_tag: Option<String>,
        /// What came back, as it came.
        #[schema(max_length = 100000)]
        receipt: Option<String>,
        /// Why the last attempt failed; cleared when the message is taken again.
        #[schema(max_length = 2000, example = "Mottakeren svarte ikke")]
        failure: Option<String>,
        /// The address under which a connector reads what it is to carry.
        #[serde(default)]
        #[schema(read_only, max_length = 2000, default = "", example = "/api/v1/political-cases/015ec5c8-6c00-7021-8000-000000000001/utvalgssak")]
        payload: String,
        /// How often it was taken.
        #[serde(default)]
        #[schema(read_only, minimum = 0, default = 0, example = 1)]
        attempts: i64,
        /// When it was last taken (UTC); null while it is queued.
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        taken_at: Option<Instant>,
        /// When it was delivered (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        delivered_at: Option<Instant>,
        /// When its receipt came (UTC).
        #[serde(default)]
        #[schema(read_only, value_type = Option<String>, format = DateTime)]
        receipted_at: Option<Instant>,
    }
}

codes! {
    /// What sort of message goes out.
    OutboundKind "outboundKind" {
        ArchivePackage = "archive_package" ("arkivpakke", "arkivpakke", "archive package"),
        Utvalgssak = "utvalgssak" ("utvalgssak", "utvalssak", "case for a committee"),
    }
}

codes! {
    /// How far an outbound message has come.
    OutboundState "outboundState" default Queued {
        Queued = "queued" ("i kø", "i kø", "queued"),
        Taken = "taken" ("tatt", "teken", "taken"),
        Delivered = "delivered" ("levert", "levert", "delivered"),
        Receipted = "receipted" ("kvittert", "kvittert", "receipted"),
        Failed = "failed" ("mislykket", "mislukka", "failed"),
    }
}
