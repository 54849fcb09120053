//! The four exit statuses of every command, and how an error finds its own.

use std::process::ExitCode;

/// What a command's exit status says (DESIGN.md §7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    /// The answer is yes; warnings are allowed.
    Yes = 0,
    /// The answer is no: not valid, refused, not covered.
    No = 1,
    /// Bad usage, input of which no record can be formed, or a machine that can't do what was asked.
    Usage = 2,
    /// A service that is needed can't be reached.
    Unreachable = 3,
}

impl ExitStatus {
    /// [`Yes`](Self::Yes) for true, [`No`](Self::No) for false.
    pub fn from_answer(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(status as u8)
    }
}

/// An error that knows which exit status a command ends with when it meets it.
pub trait Failure: std::error::Error {
    /// The status; [`ExitStatus::Usage`] unless the error says otherwise.
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::Usage
    }
}

/// Whatever ended a command, with the exit status of the first cause that knows one. Like `anyhow::Error` it is made
/// of any error by `?`, and is none itself.
#[derive(Debug)]
pub struct Failed(anyhow::Error);

impl<E: Into<anyhow::Error>> From<E> for Failed {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

/// "The answer is no", said as an error: exit status 1.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Failure for Refused {
    fn exit_status(&self) -> ExitStatus {
        ExitStatus::No
    }
}

impl Failed {
    /// The status: that of the first cause of this crate that has one, else [`ExitStatus::Usage`].
    #[must_use]
    pub fn exit_status(&self) -> ExitStatus {
        fn status<E: Failure + 'static>(error: &(dyn std::error::Error + 'static)) -> Option<ExitStatus> {
            error.downcast_ref::<E>().map(Failure::exit_status)
        }
        let known = |error: &(dyn std::error::Error + 'static)| {
            status::<crate::client::ClientError>(error)
                .or_else(|| status::<crate::client::ConnectError>(error))
                .or_else(|| status::<crate::instance::InstanceError>(error))
                .or_else(|| status::<Refused>(error))
        };
        self.0.chain().find_map(known).unwrap_or(ExitStatus::Usage)
    }
}

/// Ends a command: the status of its answer, or the error as one message on stderr and that error's status.
///
/// The message is the error with all its causes, `propusk: what: why`, except causes that the text before
/// already contains.
pub fn report(result: Result<ExitStatus, Failed>) -> ExitCode {
    match result {
        Ok(status) => status.into(),
        Err(error) => {
            eprintln!("propusk: {}", message(error.0.as_ref()));
            error.exit_status().into()
        }
    }
}

/// An error and its causes in one line.
pub fn message(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        let why = error.to_string();
        if !text.contains(&why) {
            text.push_str(": ");
            text.push_str(&why);
        }
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("the order can't be read")]
    struct Outer(#[source] std::io::Error);
    impl Failure for Outer {}

    #[test]
    fn a_message_names_every_cause_once() {
        let error = Outer(std::io::Error::other("the disk is gone"));
        assert_eq!(message(&error), "the order can't be read: the disk is gone");
        assert_eq!(error.exit_status(), ExitStatus::Usage);
    }

    #[test]
    fn what_ended_a_command_has_the_status_of_its_first_knowing_cause() {
        let refused = Failed::from(anyhow::Error::from(Refused("no".to_owned())).context("asked"));
        assert_eq!(refused.exit_status(), ExitStatus::No);
        assert_eq!(Failed::from(std::io::Error::other("x")).exit_status(), ExitStatus::Usage);
    }

    #[test]
    fn answers_have_the_numbers_of_the_contract() {
        let numbers = [ExitStatus::Yes, ExitStatus::No, ExitStatus::Usage, ExitStatus::Unreachable];
        assert_eq!(numbers.map(|status| status as u8), [0, 1, 2, 3]);
        assert_eq!(ExitStatus::from_answer(false), ExitStatus::No);
    }
}
