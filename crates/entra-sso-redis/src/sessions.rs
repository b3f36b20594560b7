//! The sessions.

use entra_sso::{
    StoreError,
    oidc::{Timestamp, random_bytes},
    session::{Replaced, SessionBody, SessionKey, SessionQuery, SessionStore, SessionUpdate, StoredSession},
};
use redis::Cmd;

use crate::{
    expired, record,
    request::{Call, Request},
    scripts,
    store::{RedisStore, longest},
};

/// So many at a time are ended in one step, so that others get their turn.
const AT_A_TIME: usize = 500;

impl SessionStore for RedisStore {
    async fn create(&self, key: SessionKey, session: StoredSession) -> Result<(), StoreError> {
        let call = Call::new(&scripts::CREATE)
            .key(self.keys.session(&key))
            .number(self.seconds_until(session.deadline()))
            .number(self.seconds_until(session.absolute_deadline))
            .argument(record::write(&session, random_bytes())?);
        match self.ask::<i64>(call.into()).await? {
            1 => Ok(()),
            _ => Err(StoreError::corrupt("a session with this key exists already")),
        }
    }

    async fn load(&self, key: &SessionKey) -> Result<Option<StoredSession>, StoreError> {
        let mut command = Cmd::new();
        command.arg("GET").arg(self.keys.session(key));
        let record: Option<Vec<u8>> = self.ask(Request::Plain(command)).await?;
        record.map(record::read).transpose()
    }

    async fn replace(&self, key: &SessionKey, seen: u64, update: SessionUpdate) -> Result<Replaced, StoreError> {
        let key = self.keys.session(key);
        let call = match update {
            SessionUpdate::Body(SessionBody::Sealed(body)) => {
                let next = seen.saturating_add(1);
                let [seen, next] = [seen, next].map(u64::to_be_bytes);
                Call::new(&scripts::REPLACE).key(key).argument(seen).argument(next).argument(body)
            }
            SessionUpdate::Touch(idle) => self.touch(key, idle),
            SessionUpdate::Recheck => Call::new(&scripts::RECHECK).key(key),
            _ => return Err(StoreError::new("Redis keeps sealed sessions only")),
        };
        Ok(match self.ask::<i64>(call.into()).await? {
            1 => Replaced::Yes,
            0 => Replaced::Conflict,
            _ => Replaced::Gone,
        })
    }

    async fn delete(&self, keys: &[SessionKey]) -> Result<u64, StoreError> {
        let mut deleted = 0;
        for some in keys.chunks(AT_A_TIME) {
            let call = some.iter().fold(Call::new(&scripts::DELETE), |call, key| call.key(self.keys.session(key)));
            deleted += self.ask::<u64>(call.into()).await?;
        }
        Ok(deleted)
    }

    async fn find(&self, query: SessionQuery) -> Result<Vec<SessionKey>, StoreError> {
        let set = match &query {
            SessionQuery::OfUser(user) => self.keys.of_user(user),
            SessionQuery::OfMicrosoftSid { authority, sid } => self.keys.of_sid(authority, sid),
            SessionQuery::OfSubject { authority, subject } => self.keys.of_subject(authority, subject),
            SessionQuery::ExpiredBefore(moment) => return expired::before(self, *moment).await,
            _ => return Err(StoreError::new("Redis cannot find sessions by that")),
        };
        let call = Call::new(&scripts::FIND).key(set).argument(self.keys.before_session_key());
        let members: Vec<Vec<u8>> = self.ask(call.into()).await?;
        // What else somebody may have put there names no session.
        Ok(members.into_iter().filter_map(|member| member.try_into().ok().map(SessionKey::from_bytes)).collect())
    }
}

impl RedisStore {
    fn touch(&self, key: Vec<u8>, idle: Timestamp) -> Call {
        let call = Call::new(&scripts::TOUCH).key(key).argument(idle.unix().to_be_bytes());
        call.number(self.now().unix()).number(longest())
    }
}
