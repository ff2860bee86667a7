package io.tidegate.processor.partial;

import io.tidegate.processor.persistent.PersistentMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Gathers the events per key; at the end sorts them by time and cuts where the gap is exceeded. */
final class SessionPartialBuilder implements PartialBuilder {

    private final long gapMs;
    private final int stateGroups;
    private final Map<String, List<Observation>> events = new HashMap<>();

    SessionPartialBuilder(long gapMs, int stateGroups) {
        this.gapMs = gapMs;
        this.stateGroups = stateGroups;
    }

    @Override
    public void add(String byKey, Observation event) {
        events.computeIfAbsent(byKey, key -> new ArrayList<>()).add(event);
    }

    @Override
    public Map<Integer, Partial> build() {
        Map<String, List<Fragment>> fragments = new HashMap<>();
        events.forEach((key, list) -> fragments.put(key, fragments(list)));
        return StateGroups.split(
                fragments, stateGroups, group -> new SessionPartial(gapMs, PersistentMap.of(group), Partial.NO_TICK));
    }

    private List<Fragment> fragments(List<Observation> list) {
        list.sort(Comparator.comparingLong(Observation::timeMs));
        List<Fragment> fragments = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= list.size(); i++) {
            boolean cut =
                    i == list.size() || list.get(i).timeMs() > list.get(i - 1).timeMs() + gapMs;
            if (cut) {
                fragments.add(fragment(list.subList(from, i)));
                from = i;
            }
        }
        return List.copyOf(fragments);
    }

    private static Fragment fragment(List<Observation> connected) {
        SortedMap<Integer, Long> keyGroups = new TreeMap<>();
        long received = Long.MIN_VALUE;
        for (Observation event : connected) {
            keyGroups.merge(event.keyGroup(), 1L, Long::sum);
            received = Math.max(received, event.receivedMs());
        }
        return new Fragment(
                connected.get(0).timeMs(),
                connected.get(connected.size() - 1).timeMs(),
                connected.size(),
                received,
                Content.of(connected),
                Collections.unmodifiableSortedMap(keyGroups));
    }
}
