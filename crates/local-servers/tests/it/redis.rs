//! The server starts, is killed and comes back with what it had answered, and is gone with its value.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    net::{SocketAddr, TcpStream},
    path::Path,
};

use local_servers::{Redis, RedisOptions};

#[test]
fn each_database_is_a_new_one() {
    let server = Redis::shared();
    let [one, two] = [server.database(), server.database()];
    assert_ne!(one, two);
    assert!(one.starts_with(&format!("redis://{}/", server.address())), "{one}");
    assert_eq!(asked(server.address(), "PING"), "+PONG");
}

#[test]
fn a_durable_server_has_what_it_answered_after_it_was_killed() {
    let server = Redis::durable();
    assert_eq!(asked(server.address(), "SET name value"), "+OK");
    server.kill();
    assert!(TcpStream::connect(server.address()).is_err(), "a killed server answers");
    server.restart();
    assert_eq!(asked(server.address(), "EXISTS name"), ":1");
}

#[test]
fn a_frozen_server_accepts_and_answers_when_it_goes_on() {
    let server = Redis::start(RedisOptions::default());
    server.freeze();
    let mut connection = TcpStream::connect(server.address()).expect("accepted by the system");
    connection.write_all(b"PING\r\n").expect("written");
    server.thaw();
    assert_eq!(line(connection), "+PONG");
}

#[test]
fn a_password_is_asked_for_and_stands_in_the_url() {
    let server = Redis::start(RedisOptions::default().password("word").tls());
    assert!(asked(server.address(), "PING").starts_with("-NOAUTH"));
    for url in [server.url(), server.database(), server.tls_url()] {
        assert!(url.contains("://:word@"), "{url}");
    }
    assert!(server.ca_file().is_file());
}

#[test]
fn nothing_is_left_of_a_server_whose_value_is_gone() {
    let server = Redis::start(RedisOptions::default());
    let socket = server.socket_url();
    let directory = Path::new(socket.strip_prefix("unix://").expect("a socket")).parent().expect("a directory");
    assert!(directory.exists());
    drop(server);
    while directory.exists() {
        std::thread::yield_now();
    }
}

fn asked(server: SocketAddr, command: &str) -> String {
    let mut connection = TcpStream::connect(server).expect("connected");
    connection.write_all(format!("{command}\r\n").as_bytes()).expect("written");
    line(connection)
}

fn line(connection: TcpStream) -> String {
    let mut line = String::new();
    BufReader::new(connection).read_line(&mut line).expect("answered");
    line.trim_end().to_owned()
}
