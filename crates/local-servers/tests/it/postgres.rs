//! The server starts, gives databases, and is gone with its process.

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    os::unix::fs::MetadataExt as _,
    path::Path,
    process::{Command, Stdio},
};

use local_servers::{DurablePostgres, Postgres};

/// Set for a child: it says where its server is, and waits to be killed.
const CHILD: &str = "LOCAL_SERVERS_TEST_CHILD";

#[test]
fn each_database_is_a_new_one() {
    let server = Postgres::shared();
    let [one, two] = [server.database(), server.database_with("TEMPLATE template0 ENCODING 'UTF8'")];
    assert_ne!(one, two);
    assert!(one.starts_with("postgres://postgres@localhost/test_"), "{one}");
    server.execute("SELECT 1");
}

#[test]
fn a_durable_one_comes_back_with_what_was_committed() {
    let server = DurablePostgres::start();
    server.execute("CREATE TABLE kept (number int)");
    for number in 0..3 {
        server.execute(&format!("INSERT INTO kept VALUES ({number})"));
        server.kill();
        std::net::TcpStream::connect(("127.0.0.1", server.port())).expect_err("it is gone");
        server.restart();
    }
    server.execute("DO $$ BEGIN ASSERT (SELECT count(*) FROM kept) = 3; END $$");
    assert!(server.database().ends_with(&format!("@127.0.0.1:{}/test_0", server.port())));
}

/// A client's own end would have it while the server is away.
#[test]
fn a_durable_one_has_a_port_that_no_client_is_given() {
    let range = fs::read_to_string("/proc/sys/net/ipv4/ip_local_port_range").expect("Linux");
    let lowest: u16 = range.split_whitespace().next().and_then(|port| port.parse().ok()).expect("a port");
    let port = DurablePostgres::start().port();
    assert!(port < lowest, "{port}: {range}");
}

#[test]
fn nothing_is_left_of_a_process_that_was_killed() {
    let mut child = Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "postgres::a_child_that_serves", "--nocapture"])
        .env(CHILD, "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let directory = lines.find_map(|line| Some(line.ok()?.split_once("serves ")?.1.to_owned())).expect("its directory");
    let server: u32 = fs::read_to_string(format!("{directory}/data/postmaster.pid"))
        .expect("the server's file")
        .lines()
        .next()
        .and_then(|line| line.parse().ok())
        .expect("a process id");
    assert_ne!(fs::metadata(format!("/proc/{server}")).expect("it runs").uid(), 0, "PostgreSQL as root");
    child.kill().expect("killed");
    child.wait().expect("ended");
    // The keeper is nobody's child now. It is gone soon; how long that takes is the machine's affair.
    while Path::new(&directory).exists() {
        std::thread::yield_now();
    }
    assert!(!Path::new(&format!("/proc/{server}")).exists(), "the server runs on");
}

/// No test of its own: [`nothing_is_left_of_a_process_that_was_killed`] runs it in another process.
#[test]
fn a_child_that_serves() {
    #[expect(clippy::disallowed_methods, reason = "how a test says to its child that it is one")]
    let is_child = std::env::var_os(CHILD).is_some();
    if is_child {
        let url = Postgres::shared().database();
        println!("serves {}", url.split_once("?host=").expect("a socket").1);
        std::io::stdin().read_to_end(&mut Vec::new()).expect("killed before");
    }
}
