//! The build script of every crate that `ops/wasm` builds: embeds what that has put into `built/`; without it the list is
//! empty and the program says so.

use std::error::Error;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let built = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("built");
    println!("cargo::rerun-if-changed={}", built.display());
    let mut paths =
        fs::read_dir(&built)?.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, std::io::Error>>()?;
    paths.retain(|path| path.extension().is_some_and(|end| end == "js" || end == "wasm"));
    paths.sort();
    let mut list = String::from("&[\n");
    // The module itself must not hold itself.
    let holds = env::var("CARGO_CFG_TARGET_FAMILY")? != "wasm";
    for path in paths.iter().filter(|_| holds) {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        println!("cargo::rerun-if-changed={}", path.display());
        writeln!(list, "    File {{ name: {name:?}, bytes: include_bytes!({path:?}) }},")?;
    }
    list.push(']');
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("built.rs"), list)?;
    Ok(())
}
