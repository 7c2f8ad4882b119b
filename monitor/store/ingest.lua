#!lua
-- One batch of one campaign and platform: raise the peaks of its posts, add what rose to the series of all three
-- resolutions, replace what platforms report themselves, note spellings that nobody lists and what may explain a spike,
-- and move cursor, ladder and headlines, all or nothing. KEYS[1]: how all keys of the campaign begin;
-- ARGV[1]: a parcel (monitor/store/parcel.py). Answers {new, raised, words or ''}, or nothing while the campaign is held
-- (monitor/store/holds.py).
--
-- A raised error undoes no earlier write. So the first half only reads, checks and computes, and may raise anywhere;
-- the second half, below the line, only writes what was checked.

local call, pack, unpacked = redis.call, cmsgpack.pack, cmsgpack.unpack
local take, sub = struct.unpack, string.sub
local LARGEST = 2 ^ 53 - 1 -- whole numbers are exact up to here
local UNTOLD = -0.5 -- what no caller can mean by a counter
local AHEAD = 600 -- seconds; one sample far in the future, and a series with a retention refuses all normal ones
local WIDTH = { 300, 3600 } -- of a cell at the first two resolutions, in seconds
local RESOLUTIONS = { '5m', '1h', '1d' }
local RETENTION = { 35 * 86400, 400 * 86400, false } -- seconds; the days are kept for ever
local LADDER_KEEP = 8 * 86400 -- seconds; the ladder alone holds plain ids of posts, so it forgets by itself
local AUTHORS_KEEP = 400 * 86400
local CAUSES_KEEP = 21 * 86400 -- what explains a spike, after its last write
local SPREAD_KEEP = 9 * 86400 -- a week and the two days it touches, after the last write
local MOST_HEADLINES = 20000
local MOST_NOTICED = 200 -- spellings of a month
local MOST_TAGS = 200 -- other tags of an hour
local MOST_LARGE = 20 -- posts that gained most in an hour
local MOST_SPREAD, ROOM = 20000, 25000 -- authors and wordings of a day; with room for those that come late to grow
local ROW = 96 -- bytes: cell, group, six counters, followers; author, the same for one day, created; two of `spread`
local SEEN, AUTHOR, FOLLOWER, CREATED, LOUD, ALIKE = '<HHddddddd', 60, 68, 76, 80, 88 -- how a row begins, and where the rest lies in it
local NO_COUNT = 'a counter is no whole number from 0 to 2^53'
local NOBODY = string.rep('\0', 8)
local AT_ONCE = 3000 -- arguments of one command; Lua's stack ends at 8000

local of = KEYS[1]
if call('EXISTS', of .. 'held') == 1 then return false end
local parcel = unpacked(ARGV[1])
local platform, names = parcel.platform, parcel.metrics
local now, keep = parcel.now, parcel.keep

local function sure(truth, words)
  if not truth then error({ err = 'MONITOR ' .. words }) end
end

local function is_whole(number, most)
  return type(number) == 'number' and number >= 0 and number <= most and number % 1 == 0
end

local function is_text(text)
  return type(text) == 'string' and #text > 0 and not text:find('[%z\r\n]')
end

local function sure_of(key, kind)
  local found = call('TYPE', key).ok
  sure(found == 'none' or found == kind, 'a key is something else: ' .. key)
end

local function sure_of_count(key, whose)
  local head = call('GETRANGE', key, 0, 3)
  sure(head == '' or head == 'HYLL', 'a count of ' .. whose .. ' is something else: ' .. key)
end

local function each_slice(list, size, visit)
  for first = 1, #list, size do
    visit(unpack(list, first, math.min(first + size - 1, #list)))
  end
end

sure(is_text(platform) and is_text(parcel.source) and is_text(parcel.campaign), 'a name is missing')
sure(is_whole(now, LARGEST) and is_whole(parcel.observed, now + AHEAD), 'observed lies in the future')
sure(keep == nil or (is_whole(keep, LARGEST) and keep > 0), 'keep is no number of seconds')
sure(#names == 8 or #names == 1, 'the metrics are not ours')
for _, name in ipairs(names) do sure(is_text(name[1]) and is_text(name[2]), 'a metric has no name') end
sure(parcel.walk == nil or (is_text(parcel.walk) and is_text(parcel.standing)), 'a walk has no standing')

-- Cells: the starts of five minutes, hour and local day that belong together; the first is that of the observation.

local cells = parcel.cells
for _, cell in ipairs(cells) do
  local minutes, hour, day = cell[1], cell[2], cell[3]
  sure(is_whole(minutes, now + AHEAD), 'a mention is from the future, or from before 1970')
  sure(minutes % WIDTH[1] == 0, 'a cell is no five minutes')
  sure(is_whole(hour, minutes) and hour % WIDTH[2] == 0 and minutes - hour < WIDTH[2], 'a cell has another hour')
  sure(is_whole(day, minutes) and minutes - day < 26 * 3600 and is_text(cell[4]), 'a cell has another day')
end
sure(cells[1] and parcel.observed - cells[1][1] >= 0 and parcel.observed - cells[1][1] < WIDTH[1], 'no cell observed')

-- Groups: sets of subjects that are credited together. A post's state names one by its number.

local subjects, place = parcel.subjects, {}
for index, subject in ipairs(subjects) do
  sure(is_text(subject) and #subject <= 1024, 'a subject is no text')
  place[subject] = index
end
sure(subjects[1] == '*', 'the first subject is not the whole')

local GROUPS, NUMBERS = of .. 'groups', of .. 'numbers' -- number -> subjects (a list), subjects -> number (a hash)
local targets = {} -- lists of indexes into subjects: first the groups of this batch, then others met on the way
local number_of, target_of = {}, {} -- target -> number in the store, and back
local new_groups = {}
local groups_known = call('LLEN', GROUPS)

local function joined(members)
  local words = {}
  for position, index in ipairs(members) do words[position] = subjects[index] end
  return table.concat(words, '\n')
end

local function add_target(members, number)
  targets[#targets + 1] = members
  number_of[#targets] = number
  if number then target_of[number] = target_of[number] or #targets end
  return #targets
end

local function numbered(members)
  local text = joined(members)
  local number = tonumber(call('HGET', NUMBERS, text) or new_groups[text])
  if not number then
    new_groups[#new_groups + 1] = text
    number = groups_known + #new_groups
    new_groups[text] = number
  end
  return number
end

for _, members in ipairs(parcel.groups) do
  sure(#members > 0, 'a post counts for nobody')
  for _, index in ipairs(members) do sure(subjects[index], 'a group names an unknown subject') end
  add_target(members, numbered(members))
end
local groups_here = #targets

local function stored_target(number)
  local target = target_of[number]
  if target then return target end
  local text = call('LINDEX', GROUPS, number - 1)
  sure(text, 'a post has an unknown group')
  local members = {}
  for subject in text:gmatch('[^\n]+') do
    if not place[subject] then
      subjects[#subjects + 1] = subject
      place[subject] = #subjects
    end
    members[#members + 1] = place[subject]
  end
  return add_target(members, number)
end

local relations = {}

-- An article has one outlet and a post one language, those they were first seen in, whatever another source tells.
local OF_ONE_KIND = { outlet = true, region = true, country = true, language = true }

local function kind_of(index)
  local kind = subjects[index]:match('^(%l+)/')
  return OF_ONE_KIND[kind] and kind
end

-- Whom a post was credited to (number) and is now (group): the target of those added, and the number of all together.
local function relation(number, group)
  local name = number * 65536 + group
  if relations[name] then return relations[name] end
  local before, all, credited, added, told = targets[stored_target(number)], {}, {}, {}, {}
  for position, index in ipairs(before) do
    all[position], credited[index] = index, true
    told[kind_of(index) or ''] = true
  end
  for _, index in ipairs(targets[group]) do
    local kind = kind_of(index)
    if not credited[index] and not (kind and told[kind]) then
      all[#all + 1], added[#added + 1] = index, index
    end
  end
  local result = { number = number }
  if #added > 0 then
    result = { added = add_target(added), number = numbered(all) }
    add_target(all, result.number) -- the same batch may hold the post once more
  end
  relations[name] = result
  return result
end

-- Sums: what is to be added, by target and cell: posts, those with known impressions, six counters.

local sums, many_cells = {}, #cells

local function sum(target, cell)
  local index = target * many_cells + cell
  local found = sums[index]
  if not found then
    found = { 0, 0, 0, 0, 0, 0, 0, 0, target = target, cell = cell }
    sums[index] = found
  end
  return found
end

local authors = {} -- target * cells + cell -> hashes
local audiences = {} -- key -> author of that day -> followers
local climbing, entering, headlines = {}, {}, {}
local noticed = {} -- local month -> spelling -> posts
local new, raised = 0, 0

local function meet(target, cell, author)
  if author == NOBODY then return end
  local index = target * many_cells + cell
  local met = authors[index]
  if not met then
    met = { target = target, cell = cell }
    authors[index] = met
  end
  met[#met + 1] = author
end

-- What an import brought is known for ever, its audience is not: a known post of a file adds no author once more.
local function follow(cell, author, followers, known)
  local key = of .. 'fo:' .. platform .. ':' .. cells[cell][4] .. ':' .. string.format('%02x', author:byte(1))
  local audience = audiences[key]
  if not audience then
    audience = { cell = cell, followers = {}, welcome = {} }
    audiences[key] = audience
  end
  audience.followers[author] = math.max(audience.followers[author] or 0, followers)
  if keep or not known then audience.welcome[author] = true end
end

local function credit(into, v, l, r, p, q, w)
  into[1] = into[1] + 1
  if v >= 0 then into[2], into[3] = into[2] + 1, into[3] + v end
  if l > 0 then into[4] = into[4] + l end
  if r > 0 then into[5] = into[5] + r end
  if p > 0 then into[6] = into[6] + p end
  if q > 0 then into[7] = into[7] + q end
  if w > 0 then into[8] = into[8] + w end
end

-- What explains a spike, by the hour: other tags that new posts of the campaign carry ('' for each that was looked at),
-- their authors, and what the posts that gained most in it gained, in impressions and in engagement.

local GAINS = { 'impressions', 'engagement' }
local carried, present = {}, {} -- hour -> tag -> posts; hour -> authors
local larges = { {}, {} } -- hour -> {gained = post -> number, links, was = the same as stored, least, size}
local holds_all = {} -- target -> whether its posts count for the whole campaign

local function speaks_for_all(target)
  if holds_all[target] == nil then
    holds_all[target] = false
    for _, index in ipairs(targets[target]) do
      if index == 1 then holds_all[target] = #names > 1 end -- articles have one metric
    end
  end
  return holds_all[target]
end

-- Sorted by what they gained; the key of the set decides nothing between equals.
local function ranked(gained)
  local posts = {}
  for post in pairs(gained) do posts[#posts + 1] = post end
  table.sort(posts, function(one, other)
    if gained[one] ~= gained[other] then return gained[one] > gained[other] end
    return one < other
  end)
  return posts
end

local function prune(large)
  local posts = ranked(large.gained)
  for rank = MOST_LARGE + 1, #posts do large.gained[posts[rank]] = nil end
  large.size = math.min(#posts, MOST_LARGE)
  large.least = large.size == MOST_LARGE and large.gained[posts[MOST_LARGE]] or 0
end

local function large_posts(kind, hour)
  local large = { gained = {}, was = {}, links = {}, key = of .. 'largest:' .. GAINS[kind] .. ':' .. hour }
  sure_of(large.key, 'zset')
  sure_of(large.key .. ':links', 'hash')
  local stored = call('ZRANGE', large.key, 0, -1, 'WITHSCORES')
  for place = 1, #stored, 2 do
    large.gained[stored[place]], large.was[stored[place]] = tonumber(stored[place + 1]), tonumber(stored[place + 1])
  end
  prune(large)
  larges[kind][hour] = large
  return large
end

local rows, marks, lines -- of the shard that is looked at: packed rows, what to ask again by, headlines
local beside, links, fields, shard_name -- and other tags, links that may be shown, hashes of posts, how these begin

local function gain(kind, hour, position, more, is_new)
  local large = larges[kind][hour] or large_posts(kind, hour)
  if is_new and more <= large.least then return end -- nearly all of them
  local post = platform .. ':' .. shard_name .. fields[position]
  local before = large.gained[post]
  if not before and more <= large.least then return end
  large.gained[post], large.size = (before or 0) + more, large.size + (before and 0 or 1)
  if links[position] then
    sure(is_text(links[position]), 'a link is no text')
    large.links[post] = links[position]
  end
  if large.size > 4 * MOST_LARGE then prune(large) end
end

-- How the posts of a day spread over authors and wordings, each by a hash of that day; '' counts the posts with any.

local spreads = { loud = {}, alike = {} } -- day -> hash -> posts

local function spread(kind, day, place)
  local hash = sub(rows, place + 1, place + 8)
  if hash == NOBODY then return end
  local posts = spreads[kind][day]
  if not posts then
    posts = { [''] = 0 }
    spreads[kind][day] = posts
  end
  posts[''], posts[hash] = posts[''] + 1, (posts[hash] or 0) + 1
end

-- A post counts for the campaign from now on.
local function look(position, cell, author, v, l, r, p, q)
  local hour = cells[cell][2]
  local tags, engaged = carried[hour], math.max(l, 0) + math.max(r, 0) + math.max(p, 0) + math.max(q, 0)
  if not tags then
    tags = { [''] = 0 }
    carried[hour], present[hour] = tags, {}
  end
  tags[''] = tags[''] + 1
  for _, number in ipairs(beside[position] or {}) do
    local tag = parcel.tags[number]
    tags[tag] = (tags[tag] or 0) + 1
  end
  if author ~= NOBODY then present[hour][#present[hour] + 1] = author end
  local at, day = (position - 1) * ROW, cells[cell][4]
  spread('loud', day, at + LOUD)
  spread('alike', day, at + ALIKE)
  if v > 0 then gain(1, hour, position, v, true) end
  if engaged > 0 then gain(2, hour, position, engaged, true) end
end

local function notice(month, post, spellings)
  noticed[month] = noticed[month] or {}
  for _, number in ipairs(spellings) do
    local spelling = parcel.unlisted[number]
    sure(is_text(spelling) and #spelling <= 1024, 'a spelling is no text')
    local posts = noticed[month][spelling] or {}
    noticed[month][spelling], posts[#posts + 1] = posts, post
  end
end

local function first_sight(position, cell, group, v, l, r, p, q, w)
  credit(sum(group, cell), v, l, r, p, q, w)
  local at = (position - 1) * ROW
  local author = sub(rows, at + AUTHOR + 1, at + AUTHOR + 8)
  meet(group, cell, author)
  if speaks_for_all(group) then look(position, cell, author, v, l, r, p, q) end
  local again, headline = marks[position], lines[position]
  if again or headline then
    local created = take('<I4', rows, at + CREATED + 1)
    sure(created >= cells[cell][1] and created - cells[cell][1] < WIDTH[1], 'a post lies in another cell')
    if again then
      sure(is_text(again), 'a mark is no text')
      local growth = math.max(v, 0) + math.max(l, 0) + math.max(r, 0) + math.max(p, 0) + math.max(q, 0)
      entering[#entering + 1] = { mark = again, created = created, growth = growth }
    end
    if headline then
      sure(type(headline) == 'string', 'a headline is no text')
      headlines[#headlines + 1] = { created, headline }
    end
  end
  new = new + 1
  return pack(v, l, r, p, q, w, number_of[group])
end

-- Raise the peaks of a known post, and credit subjects that it did not have before. Answers its new state.
local function changed(position, cell, group, number, told, peaks)
  sure(number, 'the state of a post is of another version')
  local known, growth = stored_target(number), 0
  for counter = 1, 6 do
    local peak, more = peaks[counter], told[counter] - math.max(peaks[counter], 0)
    if told[counter] > peak then
      local into = sum(known, peak < 0 and cell or 1)
      into[counter + 2] = into[counter + 2] + more
      if counter == 1 and peak < 0 then into[2] = into[2] + 1 end
      peaks[counter] = told[counter]
      if counter < 6 then growth, raised = growth + more, raised + 1 end -- a rounding is nothing that people did
      if counter < 6 and more > 0 and speaks_for_all(known) then
        gain(counter == 1 and 1 or 2, cells[into.cell][2], position, more)
      end
    end
  end
  local again = marks[position]
  if growth > 0 and again then climbing[#climbing + 1] = { mark = again, growth = growth } end
  local between = relation(number, group)
  if between.added then
    local at = (position - 1) * ROW
    credit(sum(between.added, cell), unpack(peaks))
    local author = sub(rows, at + AUTHOR + 1, at + AUTHOR + 8)
    meet(between.added, cell, author)
    if speaks_for_all(between.added) then look(position, cell, author, unpack(peaks)) end
  end
  peaks[7] = between.number
  return pack(unpack(peaks))
end

local function untold(told)
  sure(told == UNTOLD, NO_COUNT)
  return -1
end

local function seen(position, before)
  local at = (position - 1) * ROW + 1
  local cell, group, v, l, r, p, q, w, followers = take(SEEN, rows, at)
  if not cells[cell] or group < 1 or group > groups_here then sure(false, 'a post has no cell or group') end
  if not (v >= 0 and v <= LARGEST and v % 1 == 0) then v = untold(v) end
  if not (l >= 0 and l <= LARGEST and l % 1 == 0) then l = untold(l) end
  if not (r >= 0 and r <= LARGEST and r % 1 == 0) then r = untold(r) end
  if not (p >= 0 and p <= LARGEST and p % 1 == 0) then p = untold(p) end
  if not (q >= 0 and q <= LARGEST and q % 1 == 0) then q = untold(q) end
  if not (w >= 0 and w <= LARGEST and w % 1 == 0) then w = untold(w) end
  if followers ~= UNTOLD then
    sure(followers >= 0 and followers <= LARGEST and followers % 1 == 0, NO_COUNT)
    local author = sub(rows, at + FOLLOWER, at + FOLLOWER + 7)
    if author ~= NOBODY then follow(cell, author, followers, before) end
  end
  if not before then return first_sight(position, cell, group, v, l, r, p, q, w) end
  local V, L, R, P, Q, W, number = unpacked(before)
  if v <= V and l <= L and r <= R and p <= P and q <= Q and w <= W and number == number_of[group] then return nil end
  return changed(position, cell, group, number, { v, l, r, p, q, w }, { V, L, R, P, Q, W })
end

local states = {} -- key -> fields and values to be written

for _, shard in ipairs(parcel.shards) do
  local key, fresh = of .. shard[1], {}
  fields, rows, marks, lines, beside, links = shard[2], shard[3], shard[4], shard[5], shard[7], shard[8]
  shard_name = sub(shard[1], -2)
  sure(#rows == #fields * ROW, 'rows and posts are not as many')
  local was = call('HMGET', key, unpack(fields))
  for position, field in ipairs(fields) do
    if #field ~= 8 then sure(false, 'a post is not hashed') end
    local state = seen(position, fresh[field] or was[position])
    if state then fresh[field] = state end
    local spellings = shard[6][position]
    if spellings then
      local cell = cells[take('<H', rows, (position - 1) * ROW + 1)]
      notice(sub(cell[4], 1, 7), platform .. shard_name .. field, spellings)
    end
  end
  local changes, size = {}, 0
  for field, state in pairs(fresh) do
    changes[size + 1], changes[size + 2], size = field, state, size + 2
  end
  -- The state of articles is not cut by day: it must live as long as outlets still offer them, changed or not.
  if size > 0 or #names == 1 then states[key] = changes end
end

-- Series: key -> cell -> value, each checked to be a series or nothing.

local series, created_series = {}, {}

local function one_series(subject, metric, resolution, policy)
  local key = table.concat({ of .. 'ts', subjects[subject], platform, metric[1], RESOLUTIONS[resolution] }, ':')
  local found = series[key]
  if found then return found end
  local kind = call('TYPE', key).ok
  sure(kind == 'none' or kind == 'TSDB-TYPE', 'a series is something else: ' .. key)
  if kind == 'none' then
    created_series[#created_series + 1] =
      { key = key, subject = subjects[subject], metric = metric, resolution = resolution, policy = policy or 'SUM' }
  end
  found = {}
  series[key] = found
  return found
end

local by_subject = {} -- subject -> slot -> the three series of it

local function three_series(subject, slot)
  by_subject[subject] = by_subject[subject] or {}
  local all = by_subject[subject]
  if not all[slot] then
    all[slot] = {}
    for resolution = 1, 3 do all[slot][resolution] = one_series(subject, names[slot], resolution) end
  end
  return all[slot]
end

-- Beyond the retention of a resolution nothing is written at that resolution.
local FIRST_KEPT = { now - RETENTION[1], now - RETENTION[2], 0 }

local function book(amount)
  local start = cells[amount.cell]
  local minutes, hour, day = start[1], start[2], start[3]
  for slot = 1, #names do
    local value = amount[slot]
    if value > 0 then
      for _, subject in ipairs(targets[amount.target]) do
        local three = (by_subject[subject] or {})[slot] or three_series(subject, slot)
        if minutes >= FIRST_KEPT[1] then three[1][minutes] = (three[1][minutes] or 0) + value end
        if hour >= FIRST_KEPT[2] then three[2][hour] = (three[2][hour] or 0) + value end
        three[3][day] = (three[3][day] or 0) + value
      end
    end
  end
end

for _, amount in pairs(sums) do book(amount) end

-- What a platform or an index reports itself replaces what it told of that cell before: hours and days only.

local reported = {} -- subjects
for _, told in ipairs(parcel.reported) do
  local subject, metric, resolution, cell, value = told[1], told[2], told[3], told[4], told[5]
  sure(is_text(subject) and #subject <= 1024 and is_text(metric[1]) and is_text(metric[2]), 'a report has no name')
  sure(resolution == 2 or resolution == 3, 'a report is neither of an hour nor of a day')
  sure(is_whole(cell, now + AHEAD), 'a report is from the future, or from before 1970')
  sure(type(value) == 'number' and value >= 0 and value <= LARGEST, 'a report is no number from 0 to 2^53')
  if not place[subject] then
    subjects[#subjects + 1] = subject
    place[subject] = #subjects
  end
  if cell >= FIRST_KEPT[resolution] then
    one_series(place[subject], metric, resolution, 'LAST')[cell] = value
    reported[subject] = true
  end
end

-- Potential reach of the whole campaign, by day: the largest audience, and the sum over distinct authors.

local audience_changes = {}

for key, audience in pairs(audiences) do
  local asked, changes, more, largest = {}, {}, 0, 0
  for author in pairs(audience.followers) do asked[#asked + 1] = author end
  local was = call('HMGET', key, unpack(asked))
  for position, author in ipairs(asked) do
    local followers, before = audience.followers[author], tonumber(was[position] or -1)
    if followers > before and (was[position] or audience.welcome[author]) then
      changes[#changes + 1], changes[#changes + 2] = author, followers
      more, largest = more + followers - math.max(before, 0), math.max(largest, followers)
    end
  end
  if #changes > 0 then
    audience_changes[key] = changes
    local day = cells[audience.cell][3]
    local low = one_series(1, parcel.potential[1], 3, 'MAX')
    local high = one_series(1, parcel.potential[2], 3)
    low[day], high[day] = math.max(low[day] or 0, largest), (high[day] or 0) + more
  end
end

-- Authors: one HyperLogLog per subject, platform and local day.

local meetings = {} -- key -> hashes

local function meet_on(key, met)
  local all = meetings[key]
  if not all then
    sure_of_count(key, 'authors')
    all = {}
    meetings[key] = all
  end
  for _, author in ipairs(met) do all[#all + 1] = author end
end

for _, met in pairs(authors) do
  for _, subject in ipairs(targets[met.target]) do
    local name = subjects[subject]
    if sub(name, 1, 9) ~= 'language/' then -- nobody asks how many people write in a language
      meet_on(table.concat({ of .. 'au', name, platform, cells[met.cell][4] }, ':'), met)
    end
  end
end

-- Spellings that nobody lists: by local month the names met, MOST_NOTICED at most, and a HyperLogLog of posts for each.

local spelled, first_met = {}, {} -- key -> posts; key of a month's names -> those to be added

for month, by_spelling in pairs(noticed) do
  local NAMES = of .. 'seen:' .. month
  sure_of(NAMES, 'set')
  local many, fresh = call('SCARD', NAMES), {}
  for spelling, posts in pairs(by_spelling) do
    local key, known = NAMES .. ':' .. spelling, call('SISMEMBER', NAMES, spelling) == 1
    if known or many + #fresh < MOST_NOTICED then
      sure_of_count(key, 'posts')
      if not known then fresh[#fresh + 1] = spelling end
      spelled[key] = posts
    end
  end
  first_met[NAMES] = fresh
end

-- Other tags of an hour: beyond MOST_TAGS all lose what the next one has (Misra and Gries), so that one that comes late
-- finds a place, none is counted too high, and none too low by more than a two-hundredth of what the others had.

local tagged = {} -- key -> {changes: tag, posts, ...; anew: whether they replace what was stored}

local function lighter(posts)
  local order = ranked(posts)
  local cut = order[MOST_TAGS + 1] and posts[order[MOST_TAGS + 1]] or 0
  local left = {}
  for rank = 1, math.min(#order, MOST_TAGS) do
    if posts[order[rank]] > cut then left[#left + 1], left[#left + 2] = order[rank], posts[order[rank]] - cut end
  end
  return left
end

for _, tag in ipairs(parcel.tags) do sure(is_text(tag) and #tag <= 1024, 'a tag is no text') end
for hour, tags in pairs(carried) do
  local key, posts, changes = of .. 'tags:' .. hour, {}, {}
  sure_of(key, 'hash')
  local stored = call('HGETALL', key)
  for place = 1, #stored, 2 do posts[stored[place]] = tonumber(stored[place + 1]) end
  for tag, more in pairs(tags) do
    posts[tag] = (posts[tag] or 0) + more
    changes[#changes + 1], changes[#changes + 2] = tag, posts[tag]
  end
  local looked_at, size = posts[''], 0
  posts[''] = nil
  for _ in pairs(posts) do size = size + 1 end
  if size > MOST_TAGS then
    changes = lighter(posts)
    changes[#changes + 1], changes[#changes + 2] = '', looked_at
  end
  tagged[key] = { changes = changes, anew = size > MOST_TAGS }
end
for hour in pairs(present) do sure_of_count(of .. 'people:' .. hour, 'authors') end

local spread_anew = {} -- key -> posts, hash, ...

for kind, by_day in pairs(spreads) do
  for day, posts in pairs(by_day) do
    local key, hashes, many, changes, size = of .. kind .. ':' .. day, {}, 0, {}, 0
    sure_of(key, 'zset')
    for hash in pairs(posts) do
      many = many + 1
      hashes[many] = hash
    end
    each_slice(hashes, AT_ONCE, function(...)
      for _, before in ipairs(call('ZMSCORE', key, ...)) do
        local hash = hashes[size / 2 + 1]
        changes[size + 1], changes[size + 2], size = posts[hash] + (before or 0), hash, size + 2
      end
    end)
    spread_anew[key] = changes
  end
end

for kind = 1, 2 do
  for _, large in pairs(larges[kind]) do prune(large) end
end

-- The ladder: a new post is asked again at rungs of its age; a mark that was asked climbs. One number in a sorted set
-- holds when a mark is due, on which rung (created = due - rung), and how fast it grows, in steps of eight per cent.

local DUE, RUNGS = of .. 'due:' .. parcel.source, parcel.rungs
local ladder = {} -- mark -> {due, rung, growth}; due is false for what has climbed off

local function next_rung(created, growth)
  for rung, age in ipairs(RUNGS) do
    if created + age > parcel.observed then return { due = created + age, rung = rung, growth = growth } end
  end
  return { due = false }
end

local function speed(growth)
  return math.min(math.floor(math.log(growth + 1) * 12), 511)
end

local function remembered(mark)
  if ladder[mark] then return ladder[mark].due and ladder[mark] end
  local score = call('ZSCORE', DUE, mark)
  if not score then return nil end
  local due, rest = math.floor(score / 4096), score % 4096
  return { due = due, rung = math.floor(rest / 512) + 1, growth = rest % 512 }
end

sure(#RUNGS <= 8, 'the ladder is too long')
for _, one in ipairs(entering) do ladder[one.mark] = next_rung(one.created, speed(one.growth)) end
for _, one in ipairs(climbing) do
  local known = remembered(one.mark)
  if known then ladder[one.mark] = { due = known.due, rung = known.rung, growth = speed(one.growth) } end
end
for _, mark in ipairs(parcel.asked) do
  sure(type(mark) == 'string', 'a mark is no text')
  local known = remembered(mark)
  if known then ladder[mark] = next_rung(known.due - RUNGS[known.rung], known.growth) end
end

-- Whatever is written below must be what we think it is.

local PLATFORMS, SUBJECTS = of .. 'platforms', of .. 'subjects'
local WALKS, HEADLINES = of .. 'cursor:' .. parcel.source, of .. 'headlines'
for key, kind in pairs({ [NUMBERS] = 'hash', [SUBJECTS] = 'set', [PLATFORMS] = 'hash', [WALKS] = 'hash',
  [DUE] = 'zset', [HEADLINES] = 'zset' }) do sure_of(key, kind) end

---------------------------------------------------------------------------------- from here on there are only writes

-- Live state goes away; what an import wrote has no expiry and never gets one.
local function keep_for_a_while(key, existed_for_ever)
  if not keep then
    call('PERSIST', key)
  elseif not existed_for_ever then
    call('EXPIRE', key, keep)
  end
end

local function set_all(key, changes)
  local for_ever = keep and call('TTL', key) == -1
  each_slice(changes, AT_ONCE, function(...) call('HSET', key, ...) end)
  keep_for_a_while(key, for_ever)
end

-- The twenty that gained most, and the links of those alone.
local function write_largest(large)
  local LINKS = large.key .. ':links'
  for post in pairs(large.was) do
    if not large.gained[post] then
      call('ZREM', large.key, post)
      call('HDEL', LINKS, post)
    end
  end
  for post, gained in pairs(large.gained) do
    if gained ~= large.was[post] then call('ZADD', large.key, gained, post) end
    if large.links[post] then call('HSET', LINKS, post, large.links[post]) end
  end
  call('EXPIRE', large.key, CAUSES_KEEP)
  call('EXPIRE', LINKS, CAUSES_KEEP)
end

for _, text in ipairs(new_groups) do
  call('RPUSH', GROUPS, text)
  call('HSET', NUMBERS, text, new_groups[text])
  for subject in text:gmatch('[^\n]+') do call('SADD', SUBJECTS, subject) end
end
for subject in pairs(reported) do call('SADD', SUBJECTS, subject) end
if parcel.walk or #parcel.shards > 0 then call('HSETNX', PLATFORMS, parcel.source, platform) end

for _, made in ipairs(created_series) do
  local retention = RETENTION[made.resolution] or 0
  call('TS.CREATE', made.key, 'RETENTION', retention * 1000, 'CHUNK_SIZE', 256, 'DUPLICATE_POLICY', made.policy,
    'LABELS', 'campaign', parcel.campaign, 'hashtag', (made.subject:gsub('[%[%](){},"\'%s]', '-')),
    'platform', platform, 'metric', made.metric[1], 'class', made.metric[2],
    'resolution', RESOLUTIONS[made.resolution])
end

local samples, size, refused = {}, 0, ''
for key, values in pairs(series) do
  for cell, value in pairs(values) do
    samples[size + 1], samples[size + 2], samples[size + 3], size = key, cell * 1000, value, size + 3
  end
end
each_slice(samples, AT_ONCE, function(...)
  for _, answer in ipairs(call('TS.MADD', ...)) do
    -- A series that another clock pushed further on may have let go of an old cell: the same as our own retention.
    if type(answer) == 'table' and answer.err and not answer.err:find('retention') then refused = answer.err end
  end
end)

for key, changes in pairs(states) do set_all(key, changes) end
for key, changes in pairs(audience_changes) do
  local left = call('TTL', key)
  each_slice(changes, AT_ONCE, function(...) call('HSET', key, ...) end)
  call('EXPIRE', key, math.max(left, keep or AUTHORS_KEEP))
end
for key, hashes in pairs(meetings) do
  each_slice(hashes, AT_ONCE, function(...) call('PFADD', key, ...) end)
  call('EXPIRE', key, AUTHORS_KEEP)
end

for key, posts in pairs(spelled) do
  each_slice(posts, AT_ONCE, function(...) call('PFADD', key, ...) end)
  call('EXPIRE', key, AUTHORS_KEEP)
end
for key, spellings in pairs(first_met) do
  each_slice(spellings, AT_ONCE, function(...) call('SADD', key, ...) end)
  call('EXPIRE', key, AUTHORS_KEEP)
end

for key, tags in pairs(tagged) do
  if tags.anew then call('DEL', key) end
  each_slice(tags.changes, AT_ONCE, function(...) call('HSET', key, ...) end)
  call('EXPIRE', key, CAUSES_KEEP)
end
for hour, all in pairs(present) do
  local key = of .. 'people:' .. hour
  each_slice(all, AT_ONCE, function(...) call('PFADD', key, ...) end)
  call('EXPIRE', key, CAUSES_KEEP)
end
for kind = 1, 2 do
  for _, large in pairs(larges[kind]) do write_largest(large) end
end

for key, changes in pairs(spread_anew) do
  each_slice(changes, AT_ONCE, function(...) call('ZADD', key, ...) end)
  if call('ZCARD', key) > ROOM then call('ZREMRANGEBYRANK', key, 0, -MOST_SPREAD - 1) end
  call('EXPIRE', key, SPREAD_KEEP)
end

for mark, one in pairs(ladder) do
  if one.due then
    call('ZADD', DUE, one.due * 4096 + (one.rung - 1) * 512 + one.growth, mark)
  else
    call('ZREM', DUE, mark)
  end
end
if next(ladder) then call('EXPIRE', DUE, LADDER_KEEP) end

for _, headline in ipairs(headlines) do call('ZADD', HEADLINES, headline[1], headline[2]) end
if #headlines > 0 then call('ZREMRANGEBYRANK', HEADLINES, 0, -MOST_HEADLINES - 1) end
if parcel.walk then call('HSET', WALKS, parcel.walk, parcel.standing) end

return { new, raised, refused }
