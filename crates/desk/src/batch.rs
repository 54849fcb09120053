//! `desk issue --batch`: a folder of orders, each issued once however often the command is run.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::thread;

use anyhow::Context as _;
use data_encoding::HEXLOWER;
use indicatif::{ProgressBar, ProgressStyle};
use propusk_boot::client::{Client, ClientError};
use propusk_boot::random;
use propusk_boot::{ExitStatus, Setting, private};
use serde::Serialize;

use crate::api::{IssueRequest, PermitReply, RefusedOrder};
use crate::check::{line, refuses};
use crate::cli::sheets_path;
use crate::order::{OrderFile, is_order_file};
use crate::paper::Languages;

mod ledger;

use ledger::{Done, Ledger};

/// Most orders under way at once; the desk draws each on a core of its own.
const MOST_AT_ONCE: usize = 8;

/// What every order of a batch shares.
pub(crate) struct Batch<'a> {
    pub orders: &'a Path,
    /// Folder for the PDFs and the ledger.
    pub out: &'a Path,
    pub overrides: &'a [String],
    pub reason: &'a str,
    /// The sheets' languages, where they are not the configured ones.
    pub languages: Option<Languages>,
    pub client: &'a Client,
    pub setting: &'a Setting,
}

/// What became of one order.
#[derive(Serialize)]
struct Line {
    file: String,
    /// `issued`, `already`, `refused` or `failed`.
    state: &'static str,
    permit_number: Option<String>,
    pdf: Option<String>,
    /// Why not.
    error: Option<String>,
    #[serde(skip)]
    done: Option<Done>,
}

/// What the whole batch came to.
#[derive(Default, Serialize)]
struct Summary {
    orders: usize,
    issued: usize,
    already: usize,
    refused: usize,
    failed: usize,
    /// Orders that were not sent because the desk was gone.
    left: usize,
}

impl Batch<'_> {
    /// Issues every order of the folder that is not issued yet; `read` reads and completes an order.
    ///
    /// # Errors
    /// The folder can't be read or written, or the desk can't be reached any more. Single orders that can't be issued
    /// are said and counted, and end in [`ExitStatus::No`].
    pub(crate) fn issue(
        &self,
        read: impl Fn(&Path) -> anyhow::Result<OrderFile> + Sync,
    ) -> anyhow::Result<ExitStatus> {
        let files = order_files(self.orders)?;
        std::fs::create_dir_all(self.out)
            .with_context(|| format!("the folder {} can't be made", self.out.display()))?;
        let now = self.setting.clock.now();
        let mut ledger = Ledger::open(self.out, random::uuid_v7(now, random::bytes()?))?;
        let jobs: Vec<Job> =
            files.into_iter().map(|path| Job::of(path, &ledger)).collect::<Result<_, _>>()?;
        let bar = progress_bar(jobs.len(), self.setting.json);
        let mut summary = Summary { orders: jobs.len(), left: jobs.len(), ..Summary::default() };
        let mut gone = None;
        let (next, stopped) = (AtomicUsize::new(0), AtomicBool::new(false));
        let at_once = thread::available_parallelism().map_or(1, usize::from).min(MOST_AT_ONCE);
        let (results, received) = sync_channel(at_once);
        thread::scope(|scope| {
            for _ in 0..at_once {
                let (results, jobs, next, stopped, read) = (results.clone(), &jobs, &next, &stopped, &read);
                scope.spawn(move || self.work(jobs, next, stopped, read, &results));
            }
            drop(results);
            for result in received {
                let kept = result.and_then(|line| self.keep(&line, &mut ledger, &mut summary, &bar));
                if let Err(error) = kept {
                    stopped.store(true, Ordering::Relaxed);
                    gone.get_or_insert(error);
                }
            }
        });
        bar.finish_and_clear();
        self.say_summary(&summary)?;
        match gone {
            Some(error) => Err(error.context(self.setting.say("batch-interrupted", &NONE))),
            None => Ok(ExitStatus::from_answer(summary.refused + summary.failed == 0)),
        }
    }

    /// Takes one job after the other until all are done or the batch has stopped.
    fn work(
        &self,
        jobs: &[Job],
        next: &AtomicUsize,
        stopped: &AtomicBool,
        read: &(impl Fn(&Path) -> anyhow::Result<OrderFile> + Sync),
        results: &SyncSender<anyhow::Result<Line>>,
    ) {
        while !stopped.load(Ordering::Relaxed) {
            let Some(job) = jobs.get(next.fetch_add(1, Ordering::Relaxed)) else { return };
            if results.send(self.one(job, read)).is_err() {
                return;
            }
        }
    }

    /// One order from its file to its PDF. An error is one that would meet every other order too.
    fn one(&self, job: &Job, read: &impl Fn(&Path) -> anyhow::Result<OrderFile>) -> anyhow::Result<Line> {
        match self.try_one(job, read) {
            Err(error) if ends_the_batch(&error) => Err(error),
            Err(error) => Ok(job.line("failed").because(format!("{error:#}"))),
            line => line,
        }
    }

    fn try_one(&self, job: &Job, read: &impl Fn(&Path) -> anyhow::Result<OrderFile>) -> anyhow::Result<Line> {
        let order = read(&job.path)?;
        let digest = HEXLOWER.encode(&order.digest()?);
        if let Some(done) = &job.done {
            if done.digest != digest {
                let args = [("permit", done.permit_number.clone())];
                return Ok(job.line("failed").because(self.setting.say("batch-order-changed", &args)));
            }
            let pdf = self.pdf_path(&done.permit_number, done.version);
            if pdf.exists() {
                return Ok(job.line("already").with_pdf(&done.permit_number, &pdf));
            }
        }
        let request = IssueRequest {
            order,
            overrides: self.overrides.to_vec(),
            reason: self.reason.to_owned(),
            version: None,
        };
        // Under this name the order is issued once, however often it is sent.
        let name = job.order_id.to_string();
        let answer =
            self.client.post_or_refusal::<_, PermitReply, RefusedOrder>("/v1/permits", &request, Some(&name));
        match answer? {
            Ok(reply) => {
                let number = reply.permit_number;
                let pdf = self.fetch_pdf(&number, reply.version)?;
                let (file, version) = (job.file.clone(), reply.version);
                let done = Done { file, digest, permit_number: number.clone(), version };
                Ok(Line { done: Some(done), ..job.line("issued").with_pdf(&number, &pdf) })
            }
            Err(refused) => {
                let errors = refused.findings.iter().filter(|finding| refuses(finding, self.overrides));
                let errors: Vec<String> = errors.map(|finding| line(finding, self.setting)).collect();
                Ok(job.line("refused").because(errors.join("; ")))
            }
        }
    }

    fn pdf_path(&self, number: &str, version: u8) -> PathBuf {
        self.out.join(format!("{number}-v{version}.pdf"))
    }

    /// The PDF of all sheets, written whole or not at all.
    fn fetch_pdf(&self, number: &str, version: u8) -> anyhow::Result<PathBuf> {
        let bytes = self.client.get_bytes(&sheets_path(&number.parse()?, "", self.languages))?;
        let path = self.pdf_path(number, version);
        private::write(&path, &bytes)?;
        Ok(path)
    }

    /// Notes what was issued, counts it, and says what was not.
    fn keep(
        &self,
        line: &Line,
        ledger: &mut Ledger,
        summary: &mut Summary,
        bar: &ProgressBar,
    ) -> anyhow::Result<()> {
        if let Some(done) = &line.done {
            ledger.note(done)?;
        }
        summary.left -= 1;
        match line.state {
            "issued" => summary.issued += 1,
            "already" => summary.already += 1,
            "refused" => summary.refused += 1,
            _ => summary.failed += 1,
        }
        bar.inc(1);
        if self.setting.json {
            println!("{}", serde_json::to_string(line)?);
        } else if let Some(error) = &line.error {
            bar.suspend(|| println!("{}: {error}", line.file));
        }
        Ok(())
    }

    fn say_summary(&self, summary: &Summary) -> anyhow::Result<()> {
        self.setting.print(summary, || {
            let args = [
                ("issued", summary.issued.to_string()),
                ("already", summary.already.to_string()),
                ("out", self.out.display().to_string()),
            ];
            let mut text = self.setting.say("batch-summary", &args);
            let not = [("batch-refused", summary.refused + summary.failed), ("batch-left", summary.left)];
            for (id, count) in not.into_iter().filter(|(_, count)| *count > 0) {
                let _ = write!(text, " {}", self.setting.say(id, &[("count", count.to_string())]));
            }
            text
        })
    }
}

/// One order of the batch.
struct Job {
    path: PathBuf,
    /// The file without its folder: the order's name within the batch.
    file: String,
    order_id: uuid::Uuid,
    done: Option<Done>,
}

impl Job {
    fn of(path: PathBuf, ledger: &Ledger) -> anyhow::Result<Self> {
        let file = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        Ok(Self { order_id: ledger.order_id(&file)?, done: ledger.find(&file).cloned(), path, file })
    }

    fn line(&self, state: &'static str) -> Line {
        Line { file: self.file.clone(), state, permit_number: None, pdf: None, error: None, done: None }
    }
}

impl Line {
    fn because(self, error: String) -> Self {
        Self { error: Some(error), ..self }
    }

    fn with_pdf(self, number: &str, pdf: &Path) -> Self {
        Self { permit_number: Some(number.to_owned()), pdf: Some(pdf.display().to_string()), ..self }
    }
}

/// A sentence without arguments.
const NONE: [(&str, String); 0] = [];

/// The order files of a folder by name; hidden files, and those that spreadsheets leave while they are open, are none.
fn order_files(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let unreadable = || format!("the folder {} can't be read", folder.display());
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(unreadable)? {
        let path = entry.with_context(unreadable)?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() && is_order_file(&path) && !name.starts_with(['.', '~']) {
            files.push(path);
        }
    }
    anyhow::ensure!(
        !files.is_empty(),
        "{} holds no order: none of its files is one that is read",
        folder.display()
    );
    files.sort();
    Ok(files)
}

/// A desk that is gone, or a full disk, would meet every other order in the same way.
fn ends_the_batch(error: &anyhow::Error) -> bool {
    let gone =
        |error: &ClientError| matches!(error, ClientError::Unreachable { .. } | ClientError::Broken { .. });
    error.chain().any(|cause| {
        cause.downcast_ref::<ClientError>().is_some_and(gone) || cause.is::<private::PrivateError>()
    })
}

/// A bar on stderr where that is a terminal, else none.
fn progress_bar(orders: usize, json: bool) -> ProgressBar {
    if json {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(u64::try_from(orders).unwrap_or(u64::MAX));
    match ProgressStyle::with_template("{wide_bar} {pos}/{len} {eta}") {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
