//! A stream that waits for one turn of the scheduler before it writes.
//!
//! The task that writes is woken by the first command, and would send it alone: a system call and a packet for each. One turn
//! later the commands of all requests that were ready meanwhile are there, and go together. So do Redis's answers.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

pub(crate) struct Gathered<S> {
    stream: S,
    has_waited: bool,
}

impl<S> Gathered<S> {
    pub(crate) fn new(stream: S) -> Self {
        Self { stream, has_waited: false }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Gathered<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.has_waited {
            self.has_waited = true;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        // What is left of these bytes does not wait again.
        self.has_waited = !matches!(&written, Poll::Ready(Ok(count)) if *count == bytes.len());
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Gathered<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    #[tokio::test]
    async fn what_is_written_waits_once_and_arrives_whole() {
        let (near, mut far) = tokio::io::duplex(4);
        let mut near = Gathered::new(near);
        let mut context = Context::from_waker(std::task::Waker::noop());
        assert!(Pin::new(&mut near).poll_write(&mut context, b"a word").is_pending(), "the first time");
        let written = Pin::new(&mut near).poll_write(&mut context, b"a word");
        assert!(matches!(written, Poll::Ready(Ok(4))), "as much as there is room for");
        assert!(Pin::new(&mut near).poll_write(&mut context, b"rd").is_pending(), "no room");
        let mut read = [0; 6];
        let (sent, received) = tokio::join!(near.write_all(b"rd"), far.read_exact(&mut read));
        sent.expect("sent");
        received.expect("received");
        assert_eq!(&read, b"a word");
    }
}
