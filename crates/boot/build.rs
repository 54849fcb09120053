//! Compiles every `config/locales/<language>/*.ftl` into the crate: writes the list that `locales` includes.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let crate_folder = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let locales = crate_folder.join("../../config/locales");
    println!("cargo::rerun-if-changed={}", locales.display());
    let mut list = String::from("&[\n");
    for language in entries(&locales)? {
        println!("cargo::rerun-if-changed={}", language.display());
        for file in entries(&language)?.iter().filter(|file| file.extension().is_some_and(|end| end == "ftl"))
        {
            let file = file.canonicalize()?;
            println!("cargo::rerun-if-changed={}", file.display());
            writeln!(list, "    ({:?}, {:?}, include_str!({file:?})),", name(&language), name(&file))?;
        }
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("locales.rs"), list)?;
    Ok(())
}

/// What is in a folder, in the order of names, so that every build is the same; nothing for a file or where
/// there is no such folder.
fn entries(folder: &Path) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths =
        fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.sort();
    Ok(paths)
}

fn name(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
