//! What Redis is asked: a command, or a script with its keys and arguments.

use redis::{Cmd, RedisResult, Script, Value, aio::MultiplexedConnection};

pub(crate) enum Request {
    /// A command that can be repeated without harm.
    Plain(Cmd),
    Script(Call),
}

/// A call of a script. `ARGV[1]` is `1` when it is repeated, since nobody knows what the first call did.
pub(crate) struct Call {
    script: &'static Script,
    keys: Vec<Vec<u8>>,
    arguments: Vec<Vec<u8>>,
}

impl Call {
    pub(crate) fn new(script: &'static Script) -> Self {
        Self { script, keys: Vec::new(), arguments: Vec::new() }
    }

    pub(crate) fn key(mut self, key: Vec<u8>) -> Self {
        self.keys.push(key);
        self
    }

    pub(crate) fn argument(mut self, argument: impl AsRef<[u8]>) -> Self {
        self.arguments.push(argument.as_ref().to_vec());
        self
    }

    pub(crate) fn number(self, number: impl Into<i128>) -> Self {
        self.argument(number.into().to_string())
    }
}

impl Request {
    /// A script that the server does not know yet, or no longer, is told to it on the way.
    pub(crate) async fn send(&self, connection: &mut MultiplexedConnection, again: bool) -> RedisResult<Value> {
        match self {
            Request::Plain(command) => command.query_async(connection).await,
            Request::Script(Call { script, keys, arguments }) => {
                let mut call = script.prepare_invoke();
                call.arg(u8::from(again)).arg(arguments);
                for key in keys {
                    call.key(key);
                }
                call.invoke_async(connection).await
            }
        }
    }
}

impl From<Call> for Request {
    fn from(call: Call) -> Self {
        Request::Script(call)
    }
}
