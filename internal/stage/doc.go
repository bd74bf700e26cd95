// Package stage runs the stages of a pipeline and keeps their results in a
// cache, so that only what has changed is made again. It knows nothing of
// what the stages do.
//
// # Words
//
//   - stage: a function of its parameters, its outside inputs and the files
//     of other stages, that writes files into a folder.
//   - workspace: the folder that holds all results, the lock and the cache.
//   - fingerprint: the SHA-256 of all that a result depends on: the stage's
//     name and code version, its parameters, the content of its inputs and of
//     the files it needs. It names the result's folder.
//   - artifact, result: the immutable folder cache/STAGE/FINGERPRINT. Where
//     it exists, it is complete. Its manifest.json lists its files.
//   - partial: cache/STAGE/FINGERPRINT.partial, a result in the making, with
//     checkpoints in its sub-folder scratch.
//   - lock: the file pipeline.lock, which says for each stage what went in
//     and what came out. It is the same for the same work, whenever and
//     wherever that was done, and however often it was interrupted.
//   - holder: the one process that may write to the workspace.
//   - fresh: the lock names the result that would be made now, and it is
//     there. stale: something has changed since. missing: there is none.
//
// # When a result in the cache is sound
//
// A result may stand for a run of its stage if all of this holds:
//
//  1. The stage's output depends on nothing but its Params, its Inputs, the
//     files in its Needs and the code. It does not read the clock, the
//     environment, the network or other files; or what it reads there (a
//     crawl) is meant to be taken once and kept.
//  2. Version changes whenever the code gives other bytes.
//  3. Params leaves out only what cannot change the output, such as the
//     number of threads.
//  4. Hashed files hold no times, durations, rates, process ids, ports or
//     random ids; those go to run.log and timing.jsonl.
//  5. Checkpoints lead to the same bytes as an undisturbed run.
//  6. Nobody changes files under cache by hand. Missing files and changed
//     sizes are noticed by every command, changed bytes by Verify.
//
// The package itself sees to the rest. An input that changes while a stage
// reads it stops the stage. The hash of an input is remembered only as long
// as its size, times and inode are the same, and only if it had lain still
// for two seconds when it was hashed. A stage can reach only files of other
// stages that are in its fingerprint. A file is durable before the manifest
// that lists it is written, and the manifest before the folder gets its name.
// A result or a lock that is damaged is a warning and is made again.
package stage
