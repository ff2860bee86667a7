package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.ingest.files.SpoolFileState.State;
import io.tidegate.gateway.log.StateUpdate;
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
final class SpoolState {

    private static final String KEY_PREFIX = "spool/";

    private final String prefix;
    private final int remember;
    private final Map<String, SpoolFileState> known = new HashMap<>();
    private final Set<String> unwritten = new TreeSet<>();

    SpoolState(String source, int remember, StoredState state) {
        this.prefix = KEY_PREFIX + source + "/";
        this.remember = remember;
        state.all(prefix).forEach((name, update) -> known.put(name, JsonState.read(update, SpoolFileState.class)));
    }

    String key(String name) {
        return prefix + name;
    }

    Optional<SpoolFileState> of(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** It is on disk. */
    void written(String name, SpoolFileState fileState) {
        known.put(name, fileState);
        unwritten.remove(name);
    }

    /** It looks other than it did, and is the same. */
    void seen(String name, SpoolFileState fileState, FileStat stat) {
        if (!fileState.stat().equals(stat)) {
            known.put(name, fileState.looking(stat));
            unwritten.add(name);
        }
    }

    /** It is over with a file, one way or the other. */
    void over(String name, SpoolFileState fileState, long nowMs) {
        known.put(name, fileState.over(nowMs));
        unwritten.add(name);
    }

    /** Of files that are not there any more only so much is kept; the oldest of it goes. */
    void present(Set<String> there, long nowMs) {
        List<Map.Entry<String, SpoolFileState>> gone = new ArrayList<>();
        for (Map.Entry<String, SpoolFileState> each : known.entrySet()) {
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
                .filter(name -> of(name).map(fileState -> fileState.state() != State.DONE)
                        .orElse(true))
                .count();
    }

    /** What has changed since it was written; nothing: it is all on disk. */
    List<StateUpdate> unwritten() {
        return unwritten.stream()
                .map(name -> of(name).map(fileState -> JsonState.update(key(name), fileState))
                        .orElseGet(() -> new StateUpdate(key(name), null)))
                .toList();
    }

    /** What was told as unwritten is on disk. */
    void allWritten() {
        unwritten.clear();
    }
}
