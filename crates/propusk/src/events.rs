//! What `up` says: sentences for people, or one JSON object a line.

use std::path::PathBuf;

use propusk_boot::Setting;
use serde::Serialize;

/// Something that happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub(crate) enum Event {
    /// A child runs.
    Started { child: &'static str, pid: u32 },
    /// A child died and is started again.
    Died { child: &'static str, how: String, again_in_ms: u64, log: PathBuf },
    /// The broker did not answer and was killed.
    Hung { child: &'static str, seconds: u64 },
    /// The volume of a child is full; the child stays down until there is room.
    DiskFull { child: &'static str, folder: PathBuf },
    /// There is room again.
    DiskHasRoom { child: &'static str, folder: PathBuf },
    /// The trust list is old, and there is no root key to sign a new one.
    TrustListOld { days: i64, root: PathBuf },
    /// The trust list does not name this desk's signer, and there is no root key to sign a new one.
    SignerNotListed { signer: String, reference: String, root: PathBuf },
    /// Every room and the broker answer.
    Ready { data: PathBuf, desk: String, recorder: String, verify: String, nats: String },
    /// Nobody works at the desk yet: where the first manager is made.
    SetUp { link: String },
    /// Stopping in order has begun.
    Stopping,
    /// Everything has stopped.
    Stopped,
    /// The demo began a step.
    Step { step: usize, title: String },
    /// What a step found or made.
    Found { step: usize, text: String },
    /// A step did not hold.
    Failed { step: usize, title: String, why: String },
    /// The demo is over.
    Demo { held: bool, steps: usize, folder: PathBuf },
}

/// Tells events to whoever started `up`.
#[derive(Debug, Clone)]
pub(crate) struct Reporter {
    setting: Setting,
}

impl Reporter {
    pub(crate) fn new(setting: Setting) -> Self {
        Self { setting }
    }

    pub(crate) fn setting(&self) -> &Setting {
        &self.setting
    }

    /// The sentence `id` in the language of this command.
    pub(crate) fn say(&self, id: &str, arguments: &[(&str, String)]) -> String {
        self.setting.say(id, arguments)
    }

    /// Tells an event: with `--json` on stdout, else as a sentence there, or on stderr where something is amiss.
    pub(crate) fn tell(&self, event: &Event) {
        if self.setting.json {
            let _ = self.setting.print(event, String::new); // Nobody listens any more: go on all the same.
            return;
        }
        match self.sentence(event) {
            Some((Channel::Out, text)) => {
                let _ = self.setting.print(event, || text);
            }
            Some((Channel::Err, text)) => eprintln!("{text}"),
            None => {}
        }
    }

    fn sentence(&self, event: &Event) -> Option<(Channel, String)> {
        let path = |path: &PathBuf| path.display().to_string();
        let out = |id: &str, args: &[(&str, String)]| Some((Channel::Out, self.say(id, args)));
        let err = |id: &str, args: &[(&str, String)]| Some((Channel::Err, self.say(id, args)));
        match event {
            Event::Started { .. } => None,
            Event::Died { child, how, again_in_ms, log } => {
                let seconds =
                    format!("{:.1}", f64::from(u32::try_from(*again_in_ms).unwrap_or(u32::MAX)) / 1000.0);
                let args = [
                    ("child", (*child).to_owned()),
                    ("how", how.clone()),
                    ("seconds", seconds),
                    ("log", path(log)),
                ];
                err("up-died", &args)
            }
            Event::Hung { child, seconds } => {
                err("up-hung", &[("child", (*child).to_owned()), ("seconds", seconds.to_string())])
            }
            Event::DiskFull { child, folder } => {
                err("up-disk-full", &[("child", (*child).to_owned()), ("folder", path(folder))])
            }
            Event::DiskHasRoom { child, folder } => {
                out("up-disk-has-room", &[("child", (*child).to_owned()), ("folder", path(folder))])
            }
            Event::TrustListOld { days, root } => {
                err("up-trust-old", &[("days", days.to_string()), ("root", path(root))])
            }
            Event::SignerNotListed { signer, reference, root } => {
                let args =
                    [("signer", signer.clone()), ("reference", reference.clone()), ("root", path(root))];
                err("up-signer-not-listed", &args)
            }
            Event::Ready { data, desk, recorder, verify, nats } => {
                let args = [
                    ("data", path(data)),
                    ("desk", desk.clone()),
                    ("recorder", recorder.clone()),
                    ("verify", verify.clone()),
                    ("nats", nats.clone()),
                ];
                out("up-ready", &args)
            }
            Event::SetUp { link } => out("up-set-up", &[("link", link.clone())]),
            Event::Stopping => out("up-stopping", &[]),
            Event::Stopped => out("up-stopped", &[]),
            Event::Step { step, title } => Some((Channel::Out, format!("\n{step}. {title}"))),
            Event::Found { text, .. } => Some((Channel::Out, format!("   {}", text.replace('\n', "\n   ")))),
            Event::Failed { step, title, why } => err(
                "demo-failed",
                &[("step", step.to_string()), ("title", title.clone()), ("why", why.clone())],
            ),
            Event::Demo { held: false, .. } => None,
            Event::Demo { steps, folder, .. } => {
                let args = [("steps", steps.to_string()), ("folder", path(folder))];
                Some((Channel::Out, format!("\n{}", self.say("demo-held", &args))))
            }
        }
    }
}

enum Channel {
    Out,
    Err,
}
