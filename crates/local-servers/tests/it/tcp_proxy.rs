//! What a client sees of each kind of bad network.

use std::{
    io::{self, ErrorKind, Read as _, Write as _},
    net::{TcpListener, TcpStream},
    os::unix::net::UnixListener,
    thread,
    time::{Duration, Instant},
};

use local_servers::{Line, TcpProxy};

const LONG: Duration = Duration::from_secs(10);
const MOMENT: Duration = Duration::from_millis(100);

/// A server that sends back what it gets.
fn echo() -> TcpProxy {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    thread::spawn(move || listener.incoming().for_each(|stream| answer(stream.expect("a client"))));
    TcpProxy::to(address)
}

fn answer(mut stream: TcpStream) {
    thread::spawn(move || {
        let mut copy = stream.try_clone().expect("a second handle");
        io::copy(&mut stream, &mut copy)
    });
}

fn connect(proxy: &TcpProxy) -> TcpStream {
    let stream = TcpStream::connect(proxy.address()).expect("accepted");
    stream.set_read_timeout(Some(LONG)).expect("a socket of ours");
    stream
}

/// What comes back for one message.
fn say(stream: &mut TcpStream, text: &str) -> io::Result<String> {
    stream.write_all(text.as_bytes())?;
    let mut answer = vec![0; text.len()];
    stream.read_exact(&mut answer)?;
    Ok(String::from_utf8(answer).expect("the same text"))
}

/// How it ends when nothing comes back.
fn fails(stream: &mut TcpStream) -> ErrorKind {
    say(stream, "hello").expect_err("no answer").kind()
}

fn is_reset(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::ConnectionReset | ErrorKind::BrokenPipe)
}

#[expect(clippy::disallowed_methods, reason = "how slow a line is can only be measured")]
fn timed<T>(run: impl FnOnce() -> T) -> (T, Duration) {
    let begun = Instant::now();
    let outcome = run();
    (outcome, begun.elapsed())
}

#[test]
fn it_forwards_and_counts() {
    let proxy = echo();
    let (mut one, mut other) = (connect(&proxy), connect(&proxy));
    assert_eq!(say(&mut one, "one").expect("forwarded"), "one");
    assert_eq!(say(&mut other, "other").expect("forwarded"), "other");
    assert_eq!((proxy.connections(), proxy.open(), proxy.bytes_up(), proxy.bytes_down()), (2, 2, 8, 8));
    one.shutdown(std::net::Shutdown::Write).expect("half closed");
    assert_eq!(one.read(&mut [0; 8]).expect("an end and no reset"), 0);
    drop((one, other));
    while proxy.open() > 0 {
        thread::yield_now();
    }
    let big = "x".repeat(3_000_000);
    let mut stream = connect(&proxy);
    let mut copy = stream.try_clone().expect("a second handle");
    let sent = big.clone();
    let sender = thread::spawn(move || copy.write_all(sent.as_bytes()));
    let mut got = vec![0; big.len()];
    stream.read_exact(&mut got).expect("all of it");
    sender.join().expect("sent").expect("sent");
    assert!(got == big.as_bytes(), "nothing is lost or moved");
}

#[test]
fn who_is_down_refuses_and_comes_back_at_the_same_port() {
    let proxy = echo();
    let mut open = connect(&proxy);
    assert!(say(&mut open, "hello").is_ok());
    for _ in 0..3 {
        proxy.refuse();
        assert!(is_reset(fails(&mut open)), "an open connection");
        assert_eq!(TcpStream::connect(proxy.address()).expect_err("refused").kind(), ErrorKind::ConnectionRefused);
        proxy.forward();
        open = connect(&proxy);
        assert_eq!(say(&mut open, "back").expect("forwarded"), "back");
    }
}

#[test]
fn resets_are_resets() {
    let proxy = echo();
    let mut open = connect(&proxy);
    assert!(say(&mut open, "hello").is_ok());
    proxy.reset();
    assert!(is_reset(fails(&mut open)), "an open connection");
    assert!(is_reset(fails(&mut connect(&proxy))), "a new one");
    proxy.forward();
    let mut open = connect(&proxy);
    assert!(say(&mut open, "hello").is_ok());
    proxy.reset_open();
    assert!(is_reset(fails(&mut open)));
    assert!(say(&mut connect(&proxy), "hello").is_ok(), "only what was open");
}

#[test]
fn half_open_is_silence() {
    let proxy = echo();
    let mut open = connect(&proxy);
    assert!(say(&mut open, "hello").is_ok());
    proxy.swallow();
    let mut new = connect(&proxy);
    for stream in [&mut open, &mut new] {
        stream.set_read_timeout(Some(MOMENT)).expect("a socket of ours");
        assert!(matches!(fails(stream), ErrorKind::WouldBlock | ErrorKind::TimedOut));
    }
    assert_eq!(proxy.bytes_up(), 5, "nothing arrives either");
    proxy.forward();
    assert!(matches!(fails(&mut open), ErrorKind::WouldBlock | ErrorKind::TimedOut), "for life");
    assert!(say(&mut connect(&proxy), "hello").is_ok());
    drop((open, new));
    while proxy.open() > 0 {
        thread::yield_now();
    }
    // In the middle of an answer.
    proxy.forward_over(Line::default().silent_after(3));
    let mut stream = connect(&proxy);
    stream.set_read_timeout(Some(MOMENT)).expect("a socket of ours");
    stream.write_all(b"hello").expect("sent");
    let mut got = Vec::new();
    assert!(stream.read_to_end(&mut got).is_err(), "neither an end nor more");
    assert_eq!(got, b"hel");
}

#[test]
fn a_line_can_be_slow_in_every_way() {
    let proxy = echo();
    let line = Line::default().latency_up(MOMENT).latency_down(MOMENT);
    proxy.forward_over(line);
    let mut stream = connect(&proxy);
    let (answer, took) = timed(|| say(&mut stream, "hello"));
    assert_eq!(answer.expect("late"), "hello");
    assert!(took >= 2 * MOMENT, "{took:?}");

    proxy.forward_over(Line::default().bandwidth(100));
    let (answer, took) = timed(|| say(&mut stream, "twenty bytes of text"));
    assert_eq!(answer.expect("slowly"), "twenty bytes of text");
    assert!(took >= MOMENT, "{took:?}");

    proxy.forward_over(Line::default().slice(1));
    assert_eq!(say(&mut stream, "each letter for itself").expect("in slices"), "each letter for itself");
}

#[test]
fn a_unix_socket_can_be_the_target_and_one_that_is_gone_resets() {
    let path = std::env::temp_dir().join(format!("tcp-proxy-test-{}", std::process::id()));
    // Of an earlier process with this id, if there is one.
    let _ = std::fs::remove_file(&path);
    let listener = UnixListener::bind(&path).expect("a socket");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut copy = stream.try_clone().expect("a second handle");
        io::copy(&mut stream, &mut copy)
    });
    let proxy = TcpProxy::to(path.as_path());
    assert_eq!(say(&mut connect(&proxy), "hello").expect("forwarded"), "hello");
    std::fs::remove_file(&path).expect("ours");
    assert!(is_reset(fails(&mut connect(&proxy))), "nobody there");
}
