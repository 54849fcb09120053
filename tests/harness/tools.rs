//! Other people's programs, by which the paper is judged.

use std::path::Path;
use std::process::Command;

/// Runs a program that must succeed, and returns what it printed.
#[must_use]
pub fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap_or_else(|error| {
        panic!("{program}: {error}; install it: apt-get install qpdf poppler-utils zbar-tools")
    });
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {stderr}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Runs a program that may fail, and returns what it printed.
#[must_use]
pub fn try_run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}; install it: ops/install-tools test"));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Rasterises a PDF at 150 dpi and reads the code on every page, in order.
#[must_use]
pub fn scan_pages(pdf: &Path, folder: &Path) -> Vec<String> {
    let prefix = folder.join("page");
    let (pdf, prefix) = (pdf.to_str().unwrap(), prefix.to_str().unwrap());
    let _ = run("pdftoppm", &["-r", "150", "-png", pdf, prefix]);
    let mut pages: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "png"))
        .collect();
    pages.sort();
    let decode = |page: &std::path::PathBuf| {
        run("zbarimg", &["-q", "--raw", "-Sdisable", "-Sqrcode.enable", page.to_str().unwrap()])
            .trim()
            .to_owned()
    };
    pages.iter().map(decode).collect()
}
