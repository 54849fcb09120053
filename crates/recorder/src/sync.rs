//! Answers devices that ask what is new, and keeps the trust list that they are given.

use propusk_courier::{Courier, Requests};
use propusk_proto::subject;
use propusk_seal::{PublicKey, TrustList, open_trust_list};
use propusk_store::Store;
use tracing::{info, warn};

use crate::keys;
use crate::ledger::Ledger;

/// What the subjects of devices' questions begin with.
const SYNC: &str = "sync.";
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

/// The newest trust list that can be had now: the broker's, if it answers, else the one at hand.
pub(crate) async fn newest_trust(
    store: &Store,
    courier: &Courier,
    root: &PublicKey,
) -> anyhow::Result<Option<TrustList>> {
    if let Err(error) = refresh_trust(store, courier, root).await {
        warn!(%error, "The trust list could not be refreshed.");
    }
    Ok(trust_list(store)?.and_then(|signed| open_trust_list(&signed, root).ok()))
}

/// Answers questions on `sync.*` until the courier is closed.
pub(crate) async fn answer_all(
    mut questions: Requests,
    ledger: &Ledger,
    now_ms: impl Fn() -> i64,
    random: impl Fn() -> anyhow::Result<u64>,
) -> anyhow::Result<()> {
    while let Some(question) = questions.next().await {
        let device = question.subject.strip_prefix(SYNC).unwrap_or_default();
        if !question.waits_as(device) {
            warn!(subject = question.subject, "A device asked for an answer to somebody else; it gets none.");
            continue;
        }
        let answer = match ledger.shut_out(&question.subject, now_ms()) {
            Ok(None) => ledger.answer(&question.subject, &question.payload, now_ms(), random()?),
            Ok(Some(revocation)) => Ok(revocation),
            Err(error) => Err(error),
        };
        match answer {
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
