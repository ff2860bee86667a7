package io.tidegate.gateway.files;

import io.tidegate.gateway.decode.LineDecoders;
import io.tidegate.gateway.files.Folder.Entry;
import io.tidegate.gateway.files.TailSettings.Log;
import io.tidegate.gateway.log.Mark;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that grow, followed across their rotation. A log is known by its inode and by the first and last bytes of what was
 * read of it ({@link Trail}), under whatever name:
 *
 * <pre>
 *  renamed          same inode, other name      read on until it has been quiet, then forgotten
 *  copytruncated    same inode, other content   its copy in the same folder is found by content and read on; the log
 *                                               itself is a new one
 *  deleted          inode not there             read on, it is held open, until it has been quiet
 * </pre>
 *
 * <p>The same holds when it happened while nobody looked, except that what was deleted or compressed meanwhile is lost.
 */
final class LogTail implements Watch {

    private static final Logger log = LoggerFactory.getLogger(LogTail.class);
    private static final String MARKS = "tail/";
    /** The mark of a source that has started once. */
    private static final String BEGUN = "begun";

    private final TailSettings settings;
    private final LineDecoders decoders;
    private final FileMeters meters;
    private final Clocks clocks;
    private final String prefix;
    private final Map<Path, NameFilter> folders = new LinkedHashMap<>();
    private final Map<Log, Long> absentSince = new HashMap<>();
    // In the order in which they were first seen, so that an older log is read before the one that follows it.
    private final TreeMap<Long, TailedLog> logs = new TreeMap<>();
    private boolean begun;
    // Of the last look.
    private final List<Mark> unwritten = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private boolean blind;

    LogTail(TailSettings settings, Marks marks, LineDecoders decoders, FileMeters meters, Clocks clocks) {
        this.settings = settings;
        this.decoders = decoders;
        this.meters = meters;
        this.clocks = clocks;
        this.prefix = MARKS + settings.name() + "/";
        for (Log file : settings.files()) {
            folders.computeIfAbsent(
                    file.folder(),
                    folder -> NameFilter.ofLogs(settings.files().stream()
                            .filter(each -> each.folder().equals(folder))
                            .map(Log::name)
                            .toList()));
        }
        marks.all(prefix).forEach((key, mark) -> {
            begun = true;
            if (!key.equals(BEGUN)) {
                TailNote note = Notes.read(mark, TailNote.class);
                logs.put(Long.parseLong(key), tailed(prefix + key, note));
            }
        });
    }

    private TailedLog tailed(String key, TailNote note) {
        FileRules rules = settings.rules().files();
        return new TailedLog(key, note, decoders.open(rules.decoder(), rules.host(), rules.strip(), note.directives()));
    }

    @Override
    public Look look() {
        unwritten.clear();
        troubles.clear();
        blind = false;
        folders.forEach(this::look);
        if (!begun && !blind) {
            begun = true;
            unwritten.add(new Mark(prefix + BEGUN, new byte[0]));
        }
        List<Reading> found = new ArrayList<>();
        if (!unwritten.isEmpty()) {
            List<Mark> marks = List.copyOf(unwritten);
            found.add(new Once(stampMs -> Piece.of(prefix, Piece.NOTHING, marks)));
        }
        long now = clocks.nanos().getAsLong();
        long waiting = 0;
        for (TailedLog each : logs.values()) {
            if (each.hasNews()) {
                waiting++;
                found.add(new TailReading(each, false, () -> {}));
            } else if (each.isOpen()
                    && !each.isFinished()
                    && each.isQuiet(settings.rules().settle().toNanos(), now)) {
                found.add(new TailReading(each, true, meters::rotated));
            }
        }
        meters.waiting(waiting);
        return new Look(found, List.copyOf(troubles), blind);
    }

    private void look(Path folder, NameFilter names) {
        Folder there;
        try {
            there = Folder.list(folder);
        } catch (IOException | DirectoryIteratorException e) {
            blind = true;
            troubles.add("can't look into the folder: " + e);
            return;
        }
        for (Map.Entry<Long, TailedLog> each : List.copyOf(logs.entrySet())) {
            TailedLog file = each.getValue();
            if (file.folder().equals(folder) && isOver(file, there, names)) {
                file.close();
                logs.remove(each.getKey());
                unwritten.add(new Mark(file.key(), null));
            }
        }
        adopt(folder, there, names);
        absent(folder, there);
    }

    /** Follows a log to where it is now. @return whether it need not be known any more */
    private boolean isOver(TailedLog file, Folder there, NameFilter names) {
        Entry here = there.byInode(file.inode());
        try {
            if (here != null && isThat(file, here)) {
                boolean rotated = !here.name().equals(file.name());
                file.isAt(here.path());
                file.seen(here.stat(), rotated, clocks.nanos().getAsLong());
                return file.isFinished() && rotated && !file.hasNews() && !names.test(here.name());
            }
            if (here == null && file.isOpen()) {
                file.seen(file.statOpen(), true, clocks.nanos().getAsLong());
                return file.isFinished() && !file.hasNews();
            }
            if (!file.isFinished()) {
                if (isInCopy(file, there)) {
                    return false;
                }
                part(file, there, names);
            }
            return true;
        } catch (IOException e) {
            unreadable(file.path(), e);
            return false;
        }
    }

    private static boolean isThat(TailedLog file, Entry here) throws IOException {
        if (!file.isOpen()) {
            return file.openAt(here.path(), here.stat().inode());
        }
        return file.looksLike(here.stat()) || file.isIntact();
    }

    /** It was truncated, or went away while nobody looked: the rest of it may be in a copy. */
    private boolean isInCopy(TailedLog file, Folder there) throws IOException {
        Set<Long> tracked = inodes();
        for (Entry entry : there.entries()) {
            boolean may = file.behind().offset() > 0 && entry.stat().size() >= file.fed();
            if (may
                    && !tracked.contains(entry.stat().inode())
                    && file.openAt(entry.path(), entry.stat().inode())) {
                log.info("source {}: {} was rotated, its rest is in {}", settings.name(), file.name(), entry.path());
                file.seen(entry.stat(), true, clocks.nanos().getAsLong());
                unwritten.add(file.noted());
                return true;
            }
        }
        return false;
    }

    /**
     * More may have been read of it than its copy has, before it was truncated: then both are finished. Otherwise its rest
     * is lost.
     */
    private void part(TailedLog file, Folder there, NameFilter names) throws IOException {
        Set<Long> tracked = inodes();
        for (Entry entry : there.entries()) {
            if (!tracked.contains(entry.stat().inode()) && file.isCopiedBy(entry.path())) {
                meters.rotated();
                if (names.test(entry.name())) {
                    adopt(file.folder(), entry, true);
                }
                return;
            }
        }
        meters.lost();
        log.warn(
                "source {}: {} was truncated or went away, and nothing in its folder is a copy of it: what stood behind"
                        + " {} is lost, if there was anything",
                settings.name(),
                file.path(),
                file.behind());
    }

    private Set<Long> inodes() {
        Set<Long> inodes = new HashSet<>();
        logs.values().forEach(file -> inodes.add(file.inode()));
        return inodes;
    }

    /** Logs that are new, the oldest first; a copy of one that is known is none. */
    private void adopt(Path folder, Folder there, NameFilter names) {
        Set<Long> tracked = inodes();
        there.entries().stream()
                .filter(entry -> names.test(entry.name())
                        && !tracked.contains(entry.stat().inode()))
                .sorted(Comparator.comparingLong((Entry entry) -> entry.stat().modifiedNs())
                        .thenComparing(Entry::name))
                .forEach(entry -> {
                    try {
                        if (!isCopy(folder, entry)) {
                            adopt(folder, entry, !begun && settings.rules().from() == TailSettings.From.END);
                        }
                    } catch (IOException e) {
                        unreadable(entry.path(), e);
                    }
                });
    }

    private boolean isCopy(Path folder, Entry entry) throws IOException {
        for (TailedLog file : logs.values()) {
            if (file.folder().equals(folder) && file.isOpen() && file.isCopiedBy(entry.path())) {
                return true;
            }
        }
        return false;
    }

    /** @param known whether what it holds now is left out */
    private void adopt(Path folder, Entry entry, boolean known) throws IOException {
        long id = logs.isEmpty() ? 0 : logs.lastKey() + 1;
        TailNote note = TailedLog.untouched(folder, entry.name(), entry.stat().inode());
        TailedLog file = tailed(prefix + id, note);
        if (!file.openAt(entry.path(), entry.stat().inode())) {
            return;
        }
        if (known) {
            file.skipToEnd();
        }
        file.seen(entry.stat(), false, clocks.nanos().getAsLong());
        logs.put(id, file);
        unwritten.add(file.noted());
        log.info("source {}: reads {} from {}", settings.name(), entry.path(), file.behind());
    }

    private void unreadable(Path file, IOException e) {
        blind = true;
        troubles.add("can't read " + file + ": " + e);
    }

    /** A log may be away while it is rotated; one that is away for longer may be a mistake in the settings. */
    private void absent(Path folder, Folder there) {
        long now = clocks.nanos().getAsLong();
        for (Log wanted : settings.files()) {
            if (!wanted.folder().equals(folder)) {
                continue;
            }
            NameFilter names = NameFilter.ofLogs(List.of(wanted.name()));
            if (there.entries().stream().anyMatch(entry -> names.test(entry.name()))) {
                absentSince.remove(wanted);
            } else if (now - absentSince.computeIfAbsent(wanted, first -> now)
                    >= settings.rules().settle().toNanos()) {
                troubles.add("no file is there: " + wanted);
            }
        }
    }

    @Override
    public void close() {
        logs.values().forEach(TailedLog::close);
    }
}
