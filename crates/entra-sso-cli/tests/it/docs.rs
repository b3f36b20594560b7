//! `entra-sso docs` prints the pages in docs/, byte for byte.

use std::{fs, path::Path};

use crate::process::entra_sso;

#[tokio::test]
async fn the_pages_in_docs_are_what_the_code_prints() {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    for page in ["settings", "errors"] {
        let finished = entra_sso(["docs", page]).finish().await;
        assert_eq!(finished.code, Some(0), "{finished:?}");
        let file = docs.join(format!("{page}.md"));
        let kept = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(kept == finished.stdout, "docs/{page}.md is old: `cargo run -- docs {page} > docs/{page}.md`");
    }
}
