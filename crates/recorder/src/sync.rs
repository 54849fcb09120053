//! Answers devices that ask what is new, and keeps the trust list that they are given.

use propusk_courier::{Courier, Credentials, Requests};
use propusk_proto::{SyncRequest, decode, encode, frame, subject};
use propusk_seal::{PublicKey, open_trust_list};
use propusk_store::Store;
use tracing::{info, warn};

use crate::{keys, permits};

/// The stream with the newest trust list.
const TRUST_STREAM: &str = "TRUST";

/// The signed trust list at hand.
pub(crate) fn trust_list(store: &Store) -> anyhow::Result<Option<Vec<u8>>> {
    Ok(store.get(keys::TRUST)?)
}

/// Takes a newer trust list from TRUST, if the root has signed it.
pub(crate) async fn refresh_trust(store: &Store, courier: &Courier, root: &PublicKey) -> anyhow::Result<()> {
    let Some(offered) = courier.last(TRUST_STREAM, subject::TRUST_SIGNERS).await? else { return Ok(()) };
    let known = trust_list(store)?;
    if known.as_ref() == Some(&offered) {
        return Ok(());
    }
    let list = open_trust_list(&offered, root)?;
    if let Some(known) = known
        && open_trust_list(&known, root).is_ok_and(|known| !list.supersedes(&known))
    {
        return Ok(());
    }
    let mut draft = store.begin();
    draft.put(keys::TRUST, offered);
    store.commit(draft)?;
    info!(signers = list.signers.len(), "A newer trust list was taken.");
    Ok(())
}

/// Answers questions on `sync.*` until the courier is closed.
pub(crate) async fn answer_all(
    mut questions: Requests,
    store: &Store,
    key: &Credentials,
    root: &PublicKey,
    now_ms: impl Fn() -> i64,
) -> anyhow::Result<()> {
    while let Some(question) = questions.next().await {
        match answer(&question.subject, &question.payload, store, key, root, now_ms()) {
            Ok(reply) => {
                if let Err(error) = question.respond(reply).await {
                    warn!(%error, "An answer to a device was not taken by the broker; the device asks again.");
                }
            }
            Err(error) => {
                warn!(%error, subject = question.subject, "A device's question could not be answered.");
            }
        }
    }
    Ok(())
}

fn answer(
    asked_on: &str,
    payload: &[u8],
    store: &Store,
    key: &Credentials,
    root: &PublicKey,
    now_ms: i64,
) -> anyhow::Result<Vec<u8>> {
    let question: SyncRequest = decode(payload)?;
    // The broker lets a device ask only on its own subject: the subject says who it is, not the question.
    anyhow::ensure!(
        asked_on == subject::sync(&question.device),
        "the question names another device than its subject"
    );
    let newer = |signed: &Vec<u8>| {
        open_trust_list(signed, root).is_ok_and(|list| list.issued_at > question.trust_list_issued_at)
    };
    let reply = permits::answer(store, &question, trust_list(store)?.filter(newer), now_ms)?;
    let message = encode(&reply)?;
    Ok(frame::join(&message, &key.sign(&message)?))
}
