-- Gives a worker up to n addresses, and notes that it lives.
-- ARGV: key prefix, worker, lease in milliseconds, n, begin (1: give back what
-- the worker itself held when it was killed).
-- Returns how many addresses are not done, then pairs of number and entry.
local p, worker, lease, n = ARGV[1], ARGV[2], tonumber(ARGV[3]), tonumber(ARGV[4])

local function give_back(w)
  for _, id in ipairs(redis.call('SMEMBERS', p .. 'claims:' .. w)) do
    local entry = redis.call('HGET', p .. 'entries', id)
    local host = string.match(entry, '^[^\n]*')
    redis.call('RPUSH', p .. 'queue:' .. host, id)
  end
  redis.call('DEL', p .. 'claims:' .. w)
end

local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
if ARGV[5] == '1' then give_back(worker) end
redis.call('ZADD', p .. 'workers', now + lease, worker)
for _, dead in ipairs(redis.call('ZRANGEBYSCORE', p .. 'workers', '-inf', now)) do
  give_back(dead)
  redis.call('ZREM', p .. 'workers', dead)
end

local out = {tonumber(redis.call('GET', p .. 'added') or '0') - tonumber(redis.call('GET', p .. 'done') or '0')}
for _, host in ipairs(redis.call('SMEMBERS', p .. 'hosts')) do
  local mine = true
  -- One connection a host holds across all workers: such a host is one worker's.
  if n > 0 and redis.call('SISMEMBER', p .. 'open', host) == 0 then
    local owner = redis.call('HGET', p .. 'owners', host)
    if owner and owner ~= worker and redis.call('ZSCORE', p .. 'workers', owner) then
      mine = false
    elseif redis.call('LLEN', p .. 'queue:' .. host) > 0 then
      redis.call('HSET', p .. 'owners', host, worker)
    end
  end
  while mine and n > 0 do
    local id = redis.call('LPOP', p .. 'queue:' .. host)
    if not id then break end
    redis.call('SADD', p .. 'claims:' .. worker, id)
    local entry = redis.call('HGET', p .. 'entries', id)
    out[#out + 1] = id
    out[#out + 1] = string.sub(entry, string.find(entry, '\n') + 1)
    n = n - 1
  end
end
return out
