/**
 * The event log: what is acknowledged is here, on disk, and survives kill -9 of anything. {@link EventLog} is the actor
 * that turns many appends into one fsync; {@link LogStore} is what it needs of a disk and answers every read.
 *
 * <p>Uses the protocol's chunks and RocksDB. Used by key groups (append, recovery), consumer groups (cursors), receiver
 * sessions (read) and the HTTP pages (ledger, dead letters).
 */
@NullMarked
package io.tidegate.gateway.log;

import org.jspecify.annotations.NullMarked;
