//! The changes, each of them one step inside Redis.
//!
//! A session is a hash; the letters of its fields stand in [`record`](crate::record). Beside it are sets, one of the user, one of the
//! authority's session and one of the account there, each with the keys of sessions. A set lives at least as long as each session
//! in it. Members whose session is gone are taken out whenever a set is read, and at random whenever it grows, so that a set which nobody
//! reads has at most about a third more members than there are sessions.

use std::sync::LazyLock;

use redis::Script;

/// What several scripts need. `base` is the prefix of all keys, `member` the 32 bytes of a session's key.
const SHARED: &str = r"
local function parts(key) return string.sub(key, 1, -35), string.sub(key, -32) end
local function sets(key)
    local base = parts(key)
    local f = redis.pcall('HMGET', key, 'u', 'a', 's', 'j')
    if not f[1] or not f[2] then return nil end
    local names = { base .. 'u:' .. f[1] }
    if f[3] then names[#names + 1] = base .. 's:' .. #f[2] .. ':' .. f[2] .. f[3] end
    if f[4] then names[#names + 1] = base .. 'j:' .. #f[2] .. ':' .. f[2] .. f[4] end
    return names
end
local function enter(key, seconds)
    local base, member = parts(key)
    for _, set in ipairs(sets(key) or {}) do
        for _, other in ipairs(redis.call('SRANDMEMBER', set, 4)) do
            if redis.call('EXISTS', base .. 'k:' .. other) == 0 then redis.call('SREM', set, other) end
        end
        redis.call('SADD', set, member)
        if redis.call('TTL', set) < seconds then redis.call('EXPIRE', set, seconds) end
    end
end
";

/// The session's seconds, the sets' seconds, a value that only this call knows, then fields and values. 1: done; 0: the key exists.
pub(crate) static CREATE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local key = KEYS[1]
if redis.call('EXISTS', key) == 1 then
    if ARGV[1] == '1' and redis.call('HGET', key, 'c') == ARGV[4] then return 1 end
    return 0
end
redis.call('HSET', key, 'c', ARGV[4], unpack(ARGV, 5))
redis.call('EXPIRE', key, ARGV[2])
enter(key, tonumber(ARGV[3]))
return 1
",
    )
});

/// The version seen, the next one, the body. 1: done; 0: another version; -1: no session.
pub(crate) static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local stored = redis.call('HMGET', KEYS[1], 'v', 'b')
if not stored[1] then return -1 end
if stored[1] ~= ARGV[2] then
    if ARGV[1] == '1' and stored[1] == ARGV[3] and stored[2] == ARGV[4] then return 1 end
    return 0
end
redis.call('HSET', KEYS[1], 'v', ARGV[3], 'b', ARGV[4])
return 1
",
    )
});

/// The idle deadline, the present, the longest life. 1: done; -1: no session.
pub(crate) static TOUCH: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local absolute = redis.call('HGET', KEYS[1], 'x')
if not absolute then return -1 end
redis.call('HSET', KEYS[1], 'i', ARGV[2])
local seconds = math.min(tonumber(ARGV[2]), tonumber(absolute)) - tonumber(ARGV[3])
seconds = math.max(1, math.min(seconds, tonumber(ARGV[4])))
redis.call('EXPIRE', KEYS[1], seconds)
enter(KEYS[1], seconds)
return 1
",
    )
});

/// 1: done; -1: no session.
pub(crate) static RECHECK: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
if redis.call('HEXISTS', KEYS[1], 'v') == 0 then return -1 end
redis.call('HINCRBY', KEYS[1], 'r', 1)
return 1
",
    )
});

/// How many there were. A session ends also where its record or a set is not as we wrote it.
pub(crate) static DELETE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local count = 0
for _, key in ipairs(KEYS) do
    local _, member = parts(key)
    for _, set in ipairs(sets(key) or {}) do redis.pcall('SREM', set, member) end
    count = count + redis.call('DEL', key)
end
return count
",
    )
});

/// The members of a set whose session is there. The prefix.
pub(crate) static FIND: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local found = {}
for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
    if redis.call('EXISTS', ARGV[2] .. member) == 1 then
        found[#found + 1] = member
    else
        redis.call('SREM', KEYS[1], member)
    end
end
return found
",
    )
});

/// Those of the sessions whose deadline is before this moment.
pub(crate) static EXPIRED: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local found = {}
for _, key in ipairs(KEYS) do
    local f = redis.call('HMGET', key, 'i', 'x')
    if f[1] and f[2] and math.min(tonumber(f[1]), tonumber(f[2])) < tonumber(ARGV[2]) then found[#found + 1] = key end
end
return found
",
    )
});

/// The seconds, a value that only this call knows. 1: this call marked it; 0: another one did.
pub(crate) static MARK: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local by = redis.call('GET', KEYS[1])
if by then return ARGV[1] == '1' and by == ARGV[3] and 1 or 0 end
redis.call('SET', KEYS[1], ARGV[3], 'EX', ARGV[2])
return 1
",
    )
});

fn script(text: &str) -> Script {
    Script::new(&format!("{SHARED}{text}"))
}
