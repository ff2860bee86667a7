package io.tidegate.gateway.files;

import io.tidegate.gateway.files.SpoolNote.State;
import io.tidegate.gateway.log.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is known of the files of a spool directory, by name: as it is on disk, and what has changed since and goes there with
 * the next round. What is lost of the latter by a kill -9 is found out again. Not thread-safe.
 */
final class SpoolNotes {

    private static final String MARKS = "spool/";

    private final String prefix;
    private final int remember;
    private final Map<String, SpoolNote> known = new HashMap<>();
    private final Set<String> unwritten = new TreeSet<>();

    SpoolNotes(String source, int remember, Marks marks) {
        this.prefix = MARKS + source + "/";
        this.remember = remember;
        marks.all(prefix).forEach((name, mark) -> known.put(name, Notes.read(mark, SpoolNote.class)));
    }

    String key(String name) {
        return prefix + name;
    }

    Optional<SpoolNote> of(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** It is on disk. */
    void written(String name, SpoolNote note) {
        known.put(name, note);
        unwritten.remove(name);
    }

    /** It looks other than it did, and is the same. */
    void seen(String name, SpoolNote note, Stat stat) {
        if (!note.stat().equals(stat)) {
            known.put(name, new SpoolNote(note.state(), stat, note.position(), note.reason(), note.sinceMs()));
            unwritten.add(name);
        }
    }

    /** It is over with a file, one way or the other. */
    void over(String name, SpoolNote note, long nowMs) {
        known.put(name, note.over(nowMs));
        unwritten.add(name);
    }

    /** Of files that are not there any more only so much is kept; the oldest of it goes. */
    void present(Set<String> there, long nowMs) {
        List<Map.Entry<String, SpoolNote>> gone = new ArrayList<>();
        for (Map.Entry<String, SpoolNote> each : known.entrySet()) {
            if (!there.contains(each.getKey())) {
                if (!each.getValue().isOver()) {
                    each.setValue(each.getValue().over(nowMs));
                    unwritten.add(each.getKey());
                }
                gone.add(each);
            }
        }
        int tooMany = gone.size() - remember;
        if (tooMany > 0) {
            gone.sort(Comparator.comparingLong(each -> each.getValue().sinceMs()));
            for (String name :
                    gone.stream().limit(tooMany).map(Map.Entry::getKey).toList()) {
                known.remove(name);
                unwritten.add(name);
            }
        }
    }

    /** How many of these have not been read to their end. */
    long waiting(Set<String> there) {
        return there.stream()
                .filter(name -> of(name).map(note -> note.state() != State.DONE).orElse(true))
                .count();
    }

    /** What has changed since it was written; nothing: it is all on disk. */
    List<Mark> unwritten() {
        return unwritten.stream()
                .map(name ->
                        of(name).map(note -> Notes.mark(key(name), note)).orElseGet(() -> new Mark(key(name), null)))
                .toList();
    }

    /** What was told as unwritten is on disk. */
    void allWritten() {
        unwritten.clear();
    }
}
