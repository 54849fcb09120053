//! Contenders in processes of their own, asked over their standard input.

use std::cell::RefCell;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use printpdf::ParsedFont;
use propusk_bench_krilla::Order;
use propusk_desk::paper::export::{DrawnPage, code};
use serde_json::{Value, json};

type Faces = [(&'static str, Vec<u8>)];

/// A program that has its pages and waits for its turns.
pub(crate) struct Process(RefCell<Pipes>);

struct Pipes {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

impl Process {
    /// `reportlab_pages.py` in `venv` of the benchmark's target folder, which `ops/bench/run` makes.
    pub(crate) fn report_lab(folder: &Path, pages: &[DrawnPage], seals: &[String], faces: &Faces) -> Self {
        let page = |(page, seal): (&DrawnPage, &String)| {
            let mut page = serde_json::to_value(page).unwrap();
            page["seal"] = seal.as_str().into();
            page["code"] = String::from_utf8(code(seal).unwrap().1).unwrap().into();
            page
        };
        let names = faces.iter().map(|(name, _)| name).zip(files(folder, faces));
        let document = json!({
            "out": folder.join("reportlab.pdf"),
            "faces": names.collect::<Vec<_>>(),
            "pages": pages.iter().zip(seals).map(page).collect::<Vec<_>>(),
        });
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("reportlab_pages.py");
        Self::start(Command::new(folder.join("../venv/bin/python")).arg(script), &document.to_string())
    }

    /// The program of `ops/bench/krilla`, which `ops/bench/run` builds beside this one.
    pub(crate) fn krilla(order: &Order) -> Self {
        let program = std::env::current_exe().unwrap().with_file_name("propusk-bench-krilla");
        Self::start(&mut Command::new(program), &serde_json::to_string(order).unwrap())
    }

    fn start(command: &mut Command, order: &str) -> Self {
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (to, from) = (child.stdin.take(), BufReader::new(child.stdout.take().unwrap()));
        let mut pipes = Pipes { child, to, from };
        assert_eq!(pipes.ask(order), "ready");
        Self(RefCell::new(pipes))
    }

    /// Draws what is asked for; seconds of its processor time, and the bytes of a document.
    pub(crate) fn draw(&self, what: &str) -> (f64, usize) {
        let answer = self.0.borrow_mut().ask(what);
        let (seconds, bytes) = answer.split_once(' ').unwrap();
        (seconds.parse().unwrap(), bytes.parse().unwrap())
    }
}

/// The pages for krilla, with the glyph of every character.
pub(crate) fn order(folder: &Path, pages: &[DrawnPage], seals: &[String], faces: &Faces) -> Order {
    let parsed: Vec<_> =
        faces.iter().map(|(_, bytes)| ParsedFont::from_bytes(bytes, 0, &mut Vec::new()).unwrap()).collect();
    let glyph = |font: &ParsedFont, character: char| {
        let glyph = font.lookup_glyph_index(u32::from(character)).unwrap();
        let width = font.get_glyph_width(glyph).unwrap_or(0);
        json!([glyph, f32::from(width) / f32::from(font.units_per_em)])
    };
    let mut document = json!({ "faces": files(folder, faces), "pages": pages, "seals": seals });
    for run in document["pages"]
        .as_array_mut()
        .unwrap()
        .iter_mut()
        .flat_map(|page| page["runs"].as_array_mut().unwrap().iter_mut())
    {
        let face = usize::try_from(run["face"].as_u64().unwrap()).unwrap();
        let text = run["text"].as_str().unwrap();
        let glyphs: Vec<Value> = text.chars().map(|character| glyph(&parsed[face], character)).collect();
        run["glyphs"] = glyphs.into();
    }
    serde_json::from_value(document).unwrap()
}

/// Writes the faces as files.
fn files(folder: &Path, faces: &Faces) -> Vec<std::path::PathBuf> {
    let file = |(name, bytes): &(&'static str, Vec<u8>)| {
        let path = folder.join(format!("{name}.font"));
        std::fs::write(&path, bytes).unwrap();
        path
    };
    faces.iter().map(file).collect()
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
