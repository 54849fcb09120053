//! Orders that travellers send online: how far they are, what was said, and the private link that opens them. What is
//! ordered is a [`Draft`](crate::draft::Draft) of the same id that belongs to nobody's name.
//!
//! Rows of the desk's store of work: `O` + id → [`OnlineOrder`] as JSON, closed with a key of its own as drafts are; `L` +
//! SHA-256 of the link's secret → the id.

use std::sync::Arc;

use propusk_boot::random;
use propusk_store::{KeyRing, Store};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::draft::{self, Drafts};

/// The longest message, contact or note, in characters.
const LONGEST_TEXT: usize = 1000;
/// The most messages of one order: a link in wrong hands fills no disk.
const MOST_MESSAGES: usize = 200;
/// An order is forgotten so long after the last change.
const FORGOTTEN_MS: i64 = 180 * 24 * 3_600_000;
/// One that was never sent, sooner.
const UNSENT_MS: i64 = 7 * 24 * 3_600_000;
/// The characters of an order's number: Crockford's, no two alike.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// How far an order is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum State {
    /// The traveller is typing.
    Open,
    /// Sent.
    Received,
    /// Back with the traveller, who has to mend something.
    Returned,
    /// A clerk has looked at it.
    Checked,
    /// The authority was asked.
    Applied,
    /// The authority's original is here.
    Original,
    /// Our sheets exist.
    Issued,
    /// They can be fetched.
    Ready,
    /// The agency will not do it.
    Declined,
    /// The traveller does not want it any more.
    Withdrawn,
}

impl State {
    /// What the clerk can do next, in the usual order. `Issued` comes by issuing, not from here.
    pub(crate) fn next(self) -> &'static [Self] {
        use State::{Applied, Checked, Declined, Original, Ready, Returned};
        match self {
            Self::Received => &[Checked, Returned, Declined],
            Checked => &[Applied, Original, Returned, Declined],
            Applied => &[Original, Declined],
            Original => &[Declined],
            Self::Issued => &[Ready],
            Self::Open | Returned | Ready | Declined | Self::Withdrawn => &[],
        }
    }

    /// Whether the traveller may change what is ordered.
    pub(crate) fn is_travellers(self) -> bool {
        matches!(self, Self::Open | Self::Returned)
    }

    /// Whether a clerk has to do with it.
    pub(crate) fn is_clerks(self) -> bool {
        !matches!(self, Self::Open | Self::Returned | Self::Withdrawn | Self::Declined)
    }

    /// Whether a permit may be issued for it.
    pub(crate) fn may_be_issued(self) -> bool {
        matches!(self, Self::Received | Self::Checked | Self::Applied | Self::Original)
    }

    /// Whether the traveller can still call it off.
    pub(crate) fn may_be_withdrawn(self) -> bool {
        self.is_travellers() || self.may_be_issued()
    }

    /// The word of forms and of sentences.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Received => "received",
            Self::Returned => "returned",
            Self::Checked => "checked",
            Self::Applied => "applied",
            Self::Original => "original",
            Self::Issued => "issued",
            Self::Ready => "ready",
            Self::Declined => "declined",
            Self::Withdrawn => "withdrawn",
        }
    }
}

/// The way that an order goes when all is well, for a line of steps.
pub(crate) const STEPS: [State; 6] =
    [State::Received, State::Checked, State::Applied, State::Original, State::Issued, State::Ready];

/// An order that came online.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct OnlineOrder {
    pub id: Uuid,
    /// For people: `4F7K-92`.
    pub number: String,
    pub state: State,
    /// Which steps it has gone, with their times.
    pub gone: Vec<(State, i64)>,
    pub changed_ms: i64,
    /// How the traveller can be reached.
    pub contact: String,
    pub messages: Vec<Message>,
    pub payment: Payment,
    /// The authority's paper: number and date, as the clerk typed them.
    pub original: Option<(String, String)>,
    /// The permit that was issued for it.
    pub permit: Option<Uuid>,
    /// SHA-256 of the link's secret.
    link: [u8; 32],
}

/// Something that was said.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Message {
    pub at_ms: i64,
    /// The clerk's name; `None` for the traveller.
    pub from: Option<String>,
    pub text: String,
}

/// What is known of the money. A note: nobody pays here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Payment {
    pub due: String,
    pub paid: String,
    pub how: String,
}

/// Why something was not done to an online order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum OnlineError {
    /// It went on meanwhile.
    #[error("this order has gone on meanwhile; open it again and look")]
    Moved,
    /// A text of no or too many characters.
    #[error("write something, at most {LONGEST_TEXT} characters")]
    Text,
    /// Enough was said here.
    #[error("there are too many messages here; call instead")]
    Full,
}

impl OnlineError {
    /// The id of its sentence.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Moved => "online-moved",
            Self::Text => "online-text-wrong",
            Self::Full => "online-full",
        }
    }
}

impl OnlineOrder {
    /// Goes on to a state that the present one leads to.
    pub(crate) fn go(&mut self, next: State, now_ms: i64) -> Result<(), OnlineError> {
        let allowed = match next {
            State::Received => self.state.is_travellers(),
            State::Withdrawn => self.state.may_be_withdrawn(),
            State::Issued => self.state.may_be_issued(),
            next => self.state.next().contains(&next),
        };
        if !allowed {
            return Err(OnlineError::Moved);
        }
        self.state = next;
        self.gone.push((next, now_ms));
        Ok(())
    }

    /// Adds a message.
    pub(crate) fn say(&mut self, from: Option<String>, text: &str, now_ms: i64) -> Result<(), OnlineError> {
        let text = checked(text)?;
        if self.messages.len() >= MOST_MESSAGES {
            return Err(OnlineError::Full);
        }
        self.messages.push(Message { at_ms: now_ms, from, text });
        Ok(())
    }

    /// Whether anything is known of the money.
    pub(crate) fn has_payment(&self) -> bool {
        self.payment != Payment::default()
    }

    /// When it came to a state last.
    pub(crate) fn since(&self, state: State) -> Option<i64> {
        self.gone.iter().rev().find(|(gone, _)| *gone == state).map(|(_, at_ms)| *at_ms)
    }
}

/// A text that somebody typed, if it is one.
pub(crate) fn checked(text: &str) -> Result<String, OnlineError> {
    let text = text.trim();
    if (1..=LONGEST_TEXT).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        Err(OnlineError::Text)
    }
}

/// All online orders.
pub(crate) struct OnlineOrders {
    store: Store,
    ring: Arc<KeyRing>,
}

impl OnlineOrders {
    /// Those of the store that holds the drafts.
    pub(crate) fn new(drafts: &Drafts) -> Self {
        Self { store: drafts.store().clone(), ring: drafts.ring().clone() }
    }

    /// Begins one; gives the secret of its link, which is kept nowhere. Old ones are forgotten.
    pub(crate) fn begin(&self, id: Uuid, now_ms: i64) -> anyhow::Result<String> {
        let secret = random::token()?;
        let order = OnlineOrder {
            id,
            number: number(random::bytes()?),
            state: State::Open,
            gone: vec![],
            changed_ms: now_ms,
            contact: String::new(),
            messages: vec![],
            payment: Payment::default(),
            original: None,
            permit: None,
            link: Sha256::digest(secret.as_bytes()).into(),
        };
        self.forget(|order| is_old(order, now_ms))?;
        self.store.write(|rows| {
            rows.put(key(id), self.closed(&order)?);
            rows.put(link_key(&order.link), id.as_bytes().as_slice());
            anyhow::Ok(())
        })?;
        Ok(secret)
    }

    /// Forgets orders, with what was typed and said there and the links to them.
    pub(crate) fn forget(&self, which: impl Fn(&OnlineOrder) -> bool) -> anyhow::Result<()> {
        self.store.write(|rows| {
            for old in self.rows()?.into_iter().filter(|order| which(order)) {
                let (row, draft) = (key(old.id), draft::key(b'D', old.id));
                // First the keys: what a crash leaves then can be read by nobody.
                self.ring.destroy(&[draft::id_of(&row), draft::id_of(&draft)])?;
                rows.delete(row);
                rows.delete(draft);
                rows.delete(link_key(&old.link));
            }
            Ok(())
        })
    }

    pub(crate) fn find(&self, id: Uuid) -> anyhow::Result<Option<OnlineOrder>> {
        draft::read(&self.store, &self.ring, "online order", &key(id))
    }

    /// The order that a link opens.
    pub(crate) fn behind(&self, secret: &str) -> anyhow::Result<Option<OnlineOrder>> {
        let link = link_key(&Sha256::digest(secret.as_bytes()).into());
        let Some(id) = self.store.get(link)? else { return Ok(None) };
        self.find(Uuid::from_slice(&id)?)
    }

    /// Those that a clerk has to do with, the longest waiting first.
    pub(crate) fn inbox(&self) -> anyhow::Result<Vec<OnlineOrder>> {
        let mut orders = self.rows()?;
        orders.retain(|order| order.state.is_clerks());
        orders.sort_by_key(|order| (order.state == State::Ready, order.changed_ms));
        Ok(orders)
    }

    /// Changes one; nothing is written where `change` says no.
    pub(crate) fn change<T>(
        &self,
        id: Uuid,
        now_ms: i64,
        change: impl FnOnce(&mut OnlineOrder) -> Result<T, OnlineError>,
    ) -> anyhow::Result<T> {
        self.store.write(|rows| {
            let mut order = self.find(id)?.ok_or(OnlineError::Moved)?;
            let done = change(&mut order)?;
            order.changed_ms = now_ms;
            rows.put(key(id), self.closed(&order)?);
            Ok(done)
        })
    }

    fn rows(&self) -> anyhow::Result<Vec<OnlineOrder>> {
        let rows =
            self.store.scan(b"O").map(|row| draft::read(&self.store, &self.ring, "online order", &row?.0));
        rows.filter_map(anyhow::Result::transpose).collect()
    }

    fn closed(&self, order: &OnlineOrder) -> anyhow::Result<Vec<u8>> {
        draft::close(&self.ring, &key(order.id), &serde_json::to_vec(order)?)
    }
}

fn is_old(order: &OnlineOrder, now_ms: i64) -> bool {
    let kept = if order.state == State::Open { UNSENT_MS } else { FORGOTTEN_MS };
    now_ms - order.changed_ms > kept
}

/// Six characters of 30 random bits: a name to say on the telephone, no secret.
fn number(bytes: [u8; 6]) -> String {
    let letters = bytes.map(|byte| char::from(ALPHABET[usize::from(byte % 32)]));
    let (left, right) = letters.split_at(4);
    format!("{}-{}", left.iter().collect::<String>(), right.iter().collect::<String>())
}

fn key(id: Uuid) -> Vec<u8> {
    [b"O".as_slice(), id.as_bytes()].concat()
}

fn link_key(link: &[u8; 32]) -> Vec<u8> {
    [b"L".as_slice(), link].concat()
}

#[cfg(test)]
mod tests {
    use propusk_store::Secret;

    use super::*;

    fn orders(folder: &tempfile::TempDir) -> OnlineOrders {
        OnlineOrders::new(&Drafts::open(folder.path()).unwrap())
    }

    #[test]
    fn only_its_link_opens_an_order() {
        let folder = tempfile::tempdir().unwrap();
        let orders = orders(&folder);
        let id = Uuid::from_u128(7);
        let secret = orders.begin(id, 0).unwrap();
        assert_eq!(orders.behind(&secret).unwrap().unwrap().id, id);
        for other in ["", &secret[1..], &id.to_string(), &orders.find(id).unwrap().unwrap().number] {
            assert!(orders.behind(other).unwrap().is_none(), "{other}");
        }
    }

    #[test]
    fn it_goes_from_step_to_step_and_never_leaps() {
        let folder = tempfile::tempdir().unwrap();
        let orders = orders(&folder);
        let id = Uuid::from_u128(7);
        orders.begin(id, 0).unwrap();
        let go = |next| orders.change(id, 1, |order| order.go(next, 1));
        assert!(go(State::Checked).is_err() && go(State::Issued).is_err() && go(State::Ready).is_err());
        assert!(orders.inbox().unwrap().is_empty(), "nobody is troubled with what was not sent");
        for next in [State::Received, State::Returned, State::Received, State::Checked, State::Applied] {
            go(next).unwrap();
        }
        assert!(go(State::Received).is_err(), "the traveller's turn is over");
        for next in [State::Original, State::Issued, State::Ready] {
            go(next).unwrap();
        }
        assert!(go(State::Withdrawn).is_err() && go(State::Declined).is_err());
        assert_eq!(orders.find(id).unwrap().unwrap().gone.len(), 8);
    }

    #[test]
    fn what_is_old_is_forgotten_with_its_link() {
        let folder = tempfile::tempdir().unwrap();
        let orders = orders(&folder);
        let (unsent, sent) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let unsent_link = orders.begin(unsent, 0).unwrap();
        orders.begin(sent, 0).unwrap();
        orders.change(sent, 0, |order| order.go(State::Received, 0)).unwrap();
        orders.begin(Uuid::from_u128(3), UNSENT_MS + 1).unwrap();
        assert!(orders.find(unsent).unwrap().is_none() && orders.behind(&unsent_link).unwrap().is_none());
        assert!(orders.find(sent).unwrap().is_some());
        let key = |id| orders.ring.get(&draft::id_of(&key(id))).unwrap();
        assert!(matches!(key(unsent), Secret::Destroyed) && matches!(key(sent), Secret::Kept(_)));
    }

    #[test]
    fn an_order_goes_with_the_people_of_its_permit() {
        let folder = tempfile::tempdir().unwrap();
        let orders = orders(&folder);
        let (gone, other, permit) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(9));
        let links = [gone, other].map(|id| orders.begin(id, 0).unwrap());
        let issued = |order: &mut OnlineOrder| {
            order.permit = Some(permit);
            Ok(())
        };
        orders.change(gone, 1, issued).unwrap();
        orders.forget(|order| order.permit == Some(permit)).unwrap();
        assert!(orders.behind(&links[0]).unwrap().is_none());
        assert!(orders.behind(&links[1]).unwrap().is_some());
        assert!(matches!(orders.ring.get(&draft::id_of(&key(gone))).unwrap(), Secret::Destroyed));
    }

    #[test]
    fn no_row_shows_what_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let orders = orders(&folder);
        let id = Uuid::from_u128(7);
        orders.begin(id, 0).unwrap();
        orders.change(id, 1, |order| order.say(None, "my name is Eriksson", 1)).unwrap();
        let shows = |bytes: &[u8]| bytes.windows(8).any(|window| window == b"Eriksson");
        assert!(orders.store.scan(b"").all(|row| !shows(&row.unwrap().1)));
        assert_eq!(orders.find(id).unwrap().unwrap().messages[0].text, "my name is Eriksson");
    }

    #[test]
    fn messages_have_an_end() {
        let folder = tempfile::tempdir().unwrap();
        let orders = orders(&folder);
        let id = Uuid::from_u128(7);
        orders.begin(id, 0).unwrap();
        let say = |text: &str| orders.change(id, 1, |order| order.say(None, text, 1));
        assert!(say("  ").is_err() && say(&"x".repeat(LONGEST_TEXT + 1)).is_err());
        for _ in 0..MOST_MESSAGES {
            say(" When can I fetch it? ").unwrap();
        }
        let error = say("And now?").unwrap_err();
        assert_eq!(error.downcast_ref(), Some(&OnlineError::Full));
        assert_eq!(orders.find(id).unwrap().unwrap().messages[0].text, "When can I fetch it?");
    }
}
