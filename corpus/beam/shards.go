package beam

import "fmt"

// Files of less than smallFile bytes share a shard until it has shardBytes; others
// have one of their own.
const (
	smallFile  = 1 << 20
	shardBytes = 8 << 20
)

// Shards spreads the files of all sources over shards, in their order, and gives the
// bytes of all. A file is never cut: what is to be read in parallel must be in many
// files.
func (s Settings) Shards() (shards []Shard, bytes int64, err error) {
	room := int64(0) // in the last shard
	for rank, text := range s.Sources {
		files, err := text.source().SourceFiles()
		if err != nil {
			return nil, 0, err
		}
		for _, f := range files {
			size := int64(0)
			if f.Fault == "" {
				if size, err = sizeOf(f.Path); err != nil {
					return nil, 0, fmt.Errorf("%s: %w", f.Name, err)
				}
			}
			if len(shards) == 0 || size >= smallFile || size > room {
				shards = append(shards, Shard{Number: len(shards)})
				room = shardBytes
			}
			if size >= smallFile {
				room = 0
			}
			room -= size
			bytes += size
			last := &shards[len(shards)-1]
			last.Files = append(last.Files, ShardFile{rank, f})
		}
	}
	if len(shards) > mostShards {
		return nil, 0, fmt.Errorf("the sources have %d files of a megabyte and more, at most %d can be told apart; pack several into one", len(shards), mostShards)
	}
	return shards, bytes, nil
}
