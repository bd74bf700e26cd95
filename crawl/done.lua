-- Takes an address as done and adds the links that it leads to.
-- ARGV: key prefix, worker, number ('' for the start addresses), max_pages (-1 is
-- none), links as JSON: k what they are known by, h host, o several connections
-- allowed, s start address, m may enter a new host, r reason for not following,
-- e entry, x for a sitemap how many there may be.
-- Returns what became of each link: '' added, 'seen' also if it was refused before, or
-- the reason, which is counted for the worker under skips:WORKER; or {'lost'} if the
-- address was given to another worker meanwhile, {'again'} if this worker was killed
-- before it noted that it had handed the address in.
local p, worker, id, most = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])
if id ~= '' then
  if redis.call('SREM', p .. 'claims:' .. worker, id) == 0 then
    if redis.call('HGET', p .. 'doneby', id) == worker then return {'again'} end
    return {'lost'}
  end
  redis.call('HSET', p .. 'doneby', id, worker)
  redis.call('INCR', p .. 'done')
end
local out = {}
for i, link in ipairs(cjson.decode(ARGV[5])) do
  local fate = ''
  if redis.call('SISMEMBER', p .. 'seen', link.k) == 1 then
    fate = 'seen'
  elseif link.h == '' then
    fate = link.r
  elseif redis.call('SISMEMBER', p .. 'hosts', link.h) == 0 and not link.s then
    fate = 'other host'
  elseif redis.call('SISMEMBER', p .. 'hosts', link.h) == 0 and not link.m then
    fate = 'no contact'
  else
    redis.call('SADD', p .. 'hosts', link.h)
    if link.r ~= '' then
      fate = link.r
    elseif most >= 0 and tonumber(redis.call('GET', p .. 'added') or '0') >= most then
      fate = 'max_pages'
    elseif link.x and tonumber(redis.call('GET', p .. 'sitemaps') or '0') >= link.x then
      fate = 'too many sitemaps'
    end
  end
  if fate == '' then
    redis.call('SADD', p .. 'seen', link.k)
    -- Refused before, where another way led there: whoever counted that takes it back.
    local was = redis.call('HGET', p .. 'refused', link.k)
    if was then
      redis.call('HDEL', p .. 'refused', link.k)
      local who, why = string.match(was, '^(%S+) (.*)$')
      redis.call('HINCRBY', p .. 'skips:' .. who, why, -1)
    end
    if link.x then redis.call('INCR', p .. 'sitemaps') end
    local number = redis.call('INCR', p .. 'added')
    if link.o then redis.call('SADD', p .. 'open', link.h) end
    redis.call('HSET', p .. 'entries', number, link.h .. '\n' .. link.e)
    redis.call('RPUSH', p .. 'queue:' .. link.h, number)
  elseif fate ~= 'seen' then
    -- Not seen: another way, or a shorter one, may lead there. Counted once.
    if redis.call('HSETNX', p .. 'refused', link.k, worker .. ' ' .. fate) == 1 then
      redis.call('HINCRBY', p .. 'skips:' .. worker, fate, 1)
    else
      fate = 'seen'
    end
  end
  out[i] = fate
end
return out
