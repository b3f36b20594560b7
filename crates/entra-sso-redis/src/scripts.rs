//! The changes, each of them one step inside Redis.
//!
//! A session is a string; [`record`](crate::record) has what stands where in it, counted from 0 as `GETRANGE` does; what Lua itself
//! reads is counted from 1. Beside it are sets, one of the user, one of the authority's session and one of the account there, each
//! with the keys of sessions. A set lives at least as long as each session in it. Members whose session is gone are taken out
//! whenever a set is read, and at random whenever it grows, so that a set which nobody reads has at most about a third more members
//! than there are sessions.

use std::sync::LazyLock;

use redis::Script;

/// What several scripts need. `base` is the prefix of all keys, `member` the 32 bytes of a session's key. A record that is too
/// short for a head has no names and no sets.
const SHARED: &str = r"
local function parts(key) return string.sub(key, 1, -35), string.sub(key, -32) end
local function names(record)
    local found, at = {}, 74
    if #record < 73 then return found, at end
    for i = 1, 4 do
        local length = struct.unpack('>I4', record, 54 + 4 * i)
        if length < 4294967295 then
            found[i] = string.sub(record, at, at + length - 1)
            at = at + length
        end
    end
    return found, at
end
local function sets(key)
    local base = parts(key)
    local record = redis.pcall('GET', key)
    if type(record) ~= 'string' then return {} end
    local user, authority, sid, subject = unpack(names(record), 1, 4)
    if not user or not authority then return {} end
    local found = { base .. 'u:' .. user }
    if sid then found[#found + 1] = base .. 's:' .. #authority .. ':' .. authority .. sid end
    if subject then found[#found + 1] = base .. 'j:' .. #authority .. ':' .. authority .. subject end
    return found
end
local function enter(key, seconds)
    local base, member = parts(key)
    for _, set in ipairs(sets(key)) do
        for _, other in ipairs(redis.call('SRANDMEMBER', set, 4)) do
            if redis.call('EXISTS', base .. 'k:' .. other) == 0 then redis.call('SREM', set, other) end
        end
        redis.call('SADD', set, member)
        if redis.call('TTL', set) < seconds then redis.call('EXPIRE', set, seconds) end
    end
end
";

/// The session's seconds, the sets' seconds, the record. 1: done; 0: the key exists.
pub(crate) static CREATE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local key, record = KEYS[1], ARGV[4]
if redis.call('EXISTS', key) == 1 then
    if ARGV[1] == '1' and redis.call('GETRANGE', key, 41, 56) == string.sub(record, 42, 57) then return 1 end
    return 0
end
redis.call('SET', key, record, 'EX', ARGV[2])
enter(key, tonumber(ARGV[3]))
return 1
",
    )
});

/// The version seen and the next one, as they stand in a record, and the body. 1: done; 0: another version; -1: no session.
pub(crate) static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local record = redis.call('GET', KEYS[1])
if not record or #record < 73 then return -1 end
local _, body = names(record)
local version = string.sub(record, 2, 9)
if version ~= ARGV[2] then
    if ARGV[1] == '1' and version == ARGV[3] and string.sub(record, body) == ARGV[4] then return 1 end
    return 0
end
local before = string.sub(record, 1, 1) .. ARGV[3] .. string.sub(record, 10, body - 1)
redis.call('SET', KEYS[1], before .. ARGV[4], 'KEEPTTL')
return 1
",
    )
});

/// The idle deadline as it stands in a record, the present in seconds, the longest life. 1: done; -1: no session.
pub(crate) static TOUCH: LazyLock<Script> = LazyLock::new(|| {
    script(
        r"
local absolute = redis.call('GETRANGE', KEYS[1], 25, 32)
if #absolute < 8 then return -1 end
redis.call('SETRANGE', KEYS[1], 17, ARGV[2])
local deadline = math.min((struct.unpack('>i8', ARGV[2])), (struct.unpack('>i8', absolute)))
local seconds = math.max(1, math.min(deadline - tonumber(ARGV[3]), tonumber(ARGV[4])))
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
local rechecks = redis.call('GETRANGE', KEYS[1], 9, 16)
if #rechecks < 8 then return -1 end
redis.call('SETRANGE', KEYS[1], 9, struct.pack('>I8', struct.unpack('>I8', rechecks) + 1))
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
    for _, set in ipairs(sets(key)) do redis.pcall('SREM', set, member) end
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
    local deadlines = redis.pcall('GETRANGE', key, 17, 32)
    if type(deadlines) == 'string' and #deadlines == 16 then
        local idle, absolute = struct.unpack('>i8i8', deadlines)
        if math.min(idle, absolute) < tonumber(ARGV[2]) then found[#found + 1] = key end
    end
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
