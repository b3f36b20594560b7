//! Exit codes and lines of what cannot be run.

use tokio::net::TcpListener;

use crate::process::{SCRATCH, demo, entra_sso};

#[tokio::test]
async fn a_mistake_is_one_line_and_exit_code_2() {
    let not_a_file = format!("{SCRATCH}/no/such/directory/users.sqlite");
    let table: &[(&[&str], &[&str])] = &[
        (&[], &["a command is missing", "--help"]),
        (&["dmeo"], &["unrecognized subcommand 'dmeo'", "--help"]),
        (&["check", "--jsn"], &["unexpected argument '--jsn'", "--help"]),
        (&["docs", "poems"], &["invalid value 'poems'", "settings", "errors"]),
        (&["demo", "--listen", "8000"], &["'8000'", "--listen", "expected HOST:PORT"]),
        (&["demo", "--listen", "localhost:70000"], &["--listen", "not a port"]),
        (&["demo", "--listen", "0.0.0.0:0"], &["--listen 0.0.0.0:0", "loopback", "localhost:PORT"]),
        (&["demo", "--listen", "192.0.2.1:0"], &["--listen 192.0.2.1:0", "loopback"]),
        (&["demo", "--listen", "localhost:0", "--emulator-listen", "0.0.0.0:0"], &["--emulator-listen", "loopback"]),
        (&["demo", "--listen", "localhost:0", "--database", &not_a_file], &["--database", &not_a_file, "write"]),
        (&["demo", "--listen", "localhost:0", "--database", SCRATCH], &["--database", SCRATCH]),
        (
            &[
                "demo",
                "--listen",
                "localhost:0",
                "--emulator-listen",
                "localhost:0",
                "--auto-sign-in",
                "nobody@contoso.example",
            ],
            &["--auto-sign-in nobody@contoso.example", "nobody in the directory", "adele@contoso.example"],
        ),
        (&["emulator", "--listen", "0.0.0.0:0"], &["--listen", "loopback", "localhost:PORT"]),
        (&["emulator", "--directory", "/nowhere.toml"], &["--directory /nowhere.toml", "readable"]),
    ];
    for (arguments, expected) in table {
        let finished = entra_sso(arguments.iter().copied()).finish().await;
        let line = finished.refusal();
        for part in *expected {
            assert!(line.contains(part), "{arguments:?}: expected {part:?} in {line:?}");
        }
    }
}

#[tokio::test]
async fn a_bad_setting_names_itself_and_the_cure() {
    for (name, value, expected) in [
        ("MICROSOFT_SSO_PREFFIX", "/sso", "prefix"),
        ("MICROSOFT_SSO_TIMEOUT", "soon", "timeout"),
        ("MICROSOFT_SSO_SESSION_COOKIE_AGE", "", "session_cookie_age"),
        ("RUST_LOG", "=[", "RUST_LOG"),
    ] {
        let finished = demo([]).env(name, value).finish().await;
        let line = finished.refusal();
        assert!(line.to_lowercase().contains(&expected.to_lowercase()), "{name}={value}: {line}");
    }
}

#[tokio::test]
async fn a_taken_port_is_named_with_its_flag() {
    let taken = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = format!("localhost:{}", taken.local_addr().expect("bound").port());
    for (flag, other) in [("--listen", "--emulator-listen"), ("--emulator-listen", "--listen")] {
        let finished = entra_sso(["demo", flag, &address, other, "localhost:0"]).finish().await;
        let line = finished.refusal();
        assert!(line.contains(&format!("cannot listen on {address}: the port is taken")), "{line}");
        assert!(line.contains(&format!("with {flag} ")), "{line}");
    }
}

#[tokio::test]
async fn help_and_version_end_well() {
    for (argument, expected) in [("--help", "demo"), ("--version", env!("CARGO_PKG_VERSION"))] {
        let finished = entra_sso([argument]).finish().await;
        assert_eq!(finished.code, Some(0), "{finished:?}");
        assert!(finished.stdout.contains(expected), "{finished:?}");
    }
}
