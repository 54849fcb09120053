//! ReportLab in a process of its own, asked over its standard input.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use propusk_desk::paper::export::{DrawnPage, code};
use serde_json::json;

/// The program `reportlab_pages.py`, waiting for its turns.
pub(crate) struct ReportLab(RefCell<Pipes>);

struct Pipes {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl ReportLab {
    /// Starts `venv/bin/python` of the benchmark's target folder, which `ops/bench/run` makes.
    pub(crate) fn start(
        folder: &Path,
        pages: &[DrawnPage],
        seals: &[String],
        faces: &[(&'static str, Vec<u8>)],
    ) -> Self {
        let file = |(name, bytes): &(&'static str, Vec<u8>)| {
            let path = folder.join(format!("{name}.font"));
            std::fs::write(&path, bytes).unwrap();
            json!([name, path])
        };
        let page = |(page, seal): (&DrawnPage, &String)| {
            let mut page = serde_json::to_value(page).unwrap();
            page["code"] = String::from_utf8(code(seal).unwrap().1).unwrap().into();
            page
        };
        let document = json!({
            "out": folder.join("reportlab.pdf"),
            "faces": faces.iter().map(file).collect::<Vec<_>>(),
            "pages": pages.iter().zip(seals).map(page).collect::<Vec<_>>(),
        });
        let mut child = Command::new(folder.join("../venv/bin/python"))
            .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("reportlab_pages.py"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut pipes = Pipes { child, to, from };
        assert_eq!(pipes.ask(&document.to_string()), "ready");
        Self(RefCell::new(pipes))
    }

    /// Draws so many times; seconds of its processor time, and the bytes of a document.
    pub(crate) fn draw(&self, times: usize) -> (f64, usize) {
        let answer = self.0.borrow_mut().ask(&times.to_string());
        let (seconds, bytes) = answer.split_once(' ').unwrap();
        (seconds.parse().unwrap(), bytes.parse().unwrap())
    }
}

impl Pipes {
    fn ask(&mut self, line: &str) -> String {
        writeln!(self.to.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        answer.trim().to_owned()
    }
}

impl Drop for Pipes {
    fn drop(&mut self) {
        self.to = None;
        let _ = self.child.wait();
    }
}
