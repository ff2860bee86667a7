package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.ingest.files.DirectoryListing.Entry;
import io.tidegate.gateway.ingest.files.TailSettings.Log;
import io.tidegate.gateway.log.StateUpdate;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
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
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs that grow, followed across their rotation. A log is known by its inode and by the first and last bytes of what was
 * read of it ({@link Fingerprint}), under whatever name:
 *
 * <pre>
 *  renamed          same inode, other name      read on until it has been quiet, forgotten when it is gone
 *  copytruncated    same inode, other content   its copy in the same folder is found by content and read on; the log
 *                                               itself is a new one
 *  deleted          inode not there             read on, while it is held open, until it has been quiet
 * </pre>
 *
 * <p>The same holds when it happened while nobody looked, except that what was deleted or compressed meanwhile is lost.
 */
final class TailScanner implements FileScanner {

    private static final Logger log = LoggerFactory.getLogger(TailScanner.class);
    private static final String KEY_PREFIX = "tail/";
    /** The key that says that a source has started once. */
    private static final String BEGUN = "begun";

    private final TailSettings settings;
    private final LineDecoders decoders;
    private final FileMeters meters;
    private final Clocks clocks;
    private final String prefix;
    private final OpenLogs openLogs;
    private final Map<Path, NameFilter> folders = new LinkedHashMap<>();
    private final Map<Log, Long> absentSince = new HashMap<>();
    // In the order in which they were first seen, so that an older log is read before the one that follows it.
    private final TreeMap<Long, TailedLog> logs = new TreeMap<>();
    private boolean begun;
    // Of the last look.
    private final List<StateUpdate> unwritten = new ArrayList<>();
    private final List<String> troubles = new ArrayList<>();
    private boolean blind;
    private boolean unlisted;

    TailScanner(TailSettings settings, StoredState state, LineDecoders decoders, FileMeters meters, Clocks clocks) {
        this.settings = settings;
        this.decoders = decoders;
        this.meters = meters;
        this.clocks = clocks;
        this.openLogs = new OpenLogs(settings.rules().maxOpen());
        this.prefix = KEY_PREFIX + settings.name() + "/";
        for (Log file : settings.files()) {
            folders.computeIfAbsent(
                    file.folder(),
                    folder -> NameFilter.ofLogs(settings.files().stream()
                            .filter(each -> each.folder().equals(folder))
                            .map(Log::name)
                            .toList()));
        }
        state.all(prefix).forEach((key, update) -> {
            begun = true;
            if (!key.equals(BEGUN)) {
                TailState fileState = JsonState.read(update, TailState.class);
                logs.put(Long.parseLong(key), tailed(prefix + key, fileState));
            }
        });
    }

    private TailedLog tailed(String key, TailState fileState) {
        FileSettings rules = settings.rules().files();
        LineDecoder decoder = decoders.open(rules.decoder(), rules.host(), rules.strip(), fileState.directives());
        return new TailedLog(key, fileState, decoder, openLogs);
    }

    @Override
    public Look look() {
        unwritten.clear();
        troubles.clear();
        blind = false;
        unlisted = false;
        folders.forEach(this::look);
        // A file that can't be read does not keep later ones from being new.
        if (!begun && !unlisted) {
            begun = true;
            unwritten.add(new StateUpdate(prefix + BEGUN, new byte[0]));
        }
        List<BatchReader> found = new ArrayList<>();
        if (!unwritten.isEmpty()) {
            List<StateUpdate> state = List.copyOf(unwritten);
            found.add(new SingleBatchReader(stampMs -> LineBatch.of(prefix, LineBatch.NOTHING, state)));
        }
        long now = clocks.nanos().getAsLong();
        long waiting = 0;
        for (TailedLog each : logs.values()) {
            if (each.hasNews()) {
                waiting++;
                found.add(new LazyReader(() -> new TailReader(each, false, () -> {})));
            } else if (each.isFound()
                    && !(each.isFinished() && each.isReadToItsEnd())
                    && each.isQuiet(settings.rules().settle().toNanos(), now)) {
                Runnable onFinished = each.isFinished() ? () -> {} : meters.rotated::increment;
                found.add(new LazyReader(() -> new TailReader(each, true, onFinished)));
            }
        }
        meters.waiting.set(waiting);
        return new Look(found, List.copyOf(troubles), blind);
    }

    private void look(Path folder, NameFilter names) {
        DirectoryListing there;
        try {
            there = DirectoryListing.list(folder);
        } catch (IOException | DirectoryIteratorException e) {
            blind = true;
            unlisted = true;
            troubles.add("can't look into the folder: " + e);
            return;
        }
        blind |= !there.troubles().isEmpty();
        troubles.addAll(there.troubles());
        Set<String> wanted = wanted(there, names);
        Map<Long, TailedLog> elsewhere = new TreeMap<>();
        logs.forEach((id, file) -> {
            if (file.folder().equals(folder.toString()) && !isStillThere(file, there, wanted)) {
                elsewhere.put(id, file);
            }
        });
        // The inode of a log that went away may be another file's by now, such as the copy of a log.
        Set<Long> tracked = inodes();
        elsewhere.values().forEach(file -> tracked.remove(file.inode()));
        elsewhere.forEach((id, file) -> {
            if (isOver(file, there, wanted, tracked)) {
                file.close();
                logs.remove(id);
                unwritten.add(new StateUpdate(file.key(), null));
            } else {
                tracked.add(file.inode());
            }
        });
        adopt(folder, there, wanted);
        absent(folder, there);
    }

    /** The names of files that match, or that a link in the folder leads to whose name matches. */
    private Set<String> wanted(DirectoryListing there, NameFilter names) {
        Set<String> wanted = new HashSet<>();
        for (Entry entry : there.entries()) {
            if (names.test(entry.path().getFileName())) {
                wanted.add(entry.name());
            }
        }
        for (Path link : there.links()) {
            try {
                if (names.test(link.getFileName())) {
                    DirectoryListing.target(link).ifPresent(wanted::add);
                }
            } catch (IOException e) {
                unreadable(FileNames.shown(link), e);
            }
        }
        return wanted;
    }

    /** Follows a log to where it is now, if its inode is still it; one that can't be read is left where it was. */
    private boolean isStillThere(TailedLog file, DirectoryListing there, Set<String> wanted) {
        Entry here = there.byInode(file.inode(), file.name());
        try {
            if (here == null) {
                return false;
            }
            if (isThat(file, here)) {
                follow(file, here, wanted);
                return true;
            }
            // Somebody renamed it since the folder was listed: the next look finds it.
            return !here.isStillThere();
        } catch (IOException e) {
            unreadable(file.shown(), e);
            return true;
        }
    }

    /**
     * Looks for what became of a log that is not where it was. One that was rotated and finished stays known while it is there: a
     * program may write to it late.
     *
     * @param tracked the inodes of files that are known logs
     * @return whether it need not be known any more
     */
    private boolean isOver(TailedLog file, DirectoryListing there, Set<String> wanted, Set<Long> tracked) {
        Entry here = there.byInode(file.inode(), file.name());
        try {
            if (here == null && !there.troubles().isEmpty()) {
                // It may be the one that can't be looked at.
                return false;
            }
            if (here == null && file.isOpen()) {
                file.isNowhere();
                file.seen(file.statOpen(), true, clocks.nanos().getAsLong());
                return file.isFinished() && !file.hasNews();
            }
            if (!file.isFinished() || (here == null && file.hasNews())) {
                if (isInCopy(file, there, tracked)) {
                    return false;
                }
                if (here != null || !file.isReadToItsEnd()) {
                    part(file, there, wanted, tracked);
                }
            }
            return true;
        } catch (IOException e) {
            unreadable(file.shown(), e);
            return false;
        }
    }

    private void follow(TailedLog file, Entry here, Set<String> wanted) {
        boolean rotated = !here.name().equals(file.name()) || !wanted.contains(here.name());
        file.isAt(here.path());
        file.seen(here.stat(), rotated, clocks.nanos().getAsLong());
        if (file.isFinished() && file.isReadToItsEnd()) {
            file.close();
        }
    }

    private static boolean isThat(TailedLog file, Entry here) throws IOException {
        if (file.isFound() && file.looksLike(here.stat())) {
            return true;
        }
        return file.isOpen()
                ? file.isIntact()
                : file.openAt(here.path(), here.stat().inode());
    }

    /** It was truncated, or went away while nobody looked: the rest of it may be in a copy. */
    private boolean isInCopy(TailedLog file, DirectoryListing there, Set<Long> tracked) throws IOException {
        for (Entry entry : there.entries()) {
            boolean may = file.behind().offset() > 0 && entry.stat().size() >= file.fed();
            if (may
                    && !tracked.contains(entry.stat().inode())
                    && file.openAt(entry.path(), entry.stat().inode())) {
                log.info(
                        "source {}: {} was rotated, its rest is in {}",
                        settings.name(),
                        file.name(),
                        FileNames.shown(entry.path()));
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
    private void part(TailedLog file, DirectoryListing there, Set<String> wanted, Set<Long> tracked)
            throws IOException {
        for (Entry entry : there.entries()) {
            if (!tracked.contains(entry.stat().inode()) && file.isCopiedBy(new FileHead(entry))) {
                meters.rotated.increment();
                if (wanted.contains(entry.name())) {
                    adopt(Path.of(file.folder()), entry, true);
                    tracked.add(entry.stat().inode());
                }
                return;
            }
        }
        meters.lost.increment();
        log.warn(
                "source {}: {} was truncated or went away, and nothing in its folder is a copy of it: what stood behind"
                        + " {} is lost, if there was anything",
                settings.name(),
                file.shown(),
                file.behind());
    }

    private Set<Long> inodes() {
        Set<Long> inodes = new HashSet<>();
        logs.values().forEach(file -> inodes.add(file.inode()));
        return inodes;
    }

    /** Logs that are new, the oldest first; a copy of one that is known is none. */
    private void adopt(Path folder, DirectoryListing there, Set<String> wanted) {
        Set<Long> tracked = inodes();
        there.entries().stream()
                .filter(entry -> wanted.contains(entry.name()))
                .sorted(Comparator.comparingLong((Entry entry) -> entry.stat().modifiedNs())
                        .thenComparing(Entry::name))
                .forEach(entry -> {
                    try {
                        // Two names may lead to the same file.
                        if (tracked.add(entry.stat().inode()) && !isCopy(folder, new FileHead(entry))) {
                            adopt(folder, entry, !begun && settings.rules().from() == TailSettings.From.END);
                        }
                    } catch (IOException e) {
                        unreadable(FileNames.shown(entry.path()), e);
                    }
                });
    }

    private boolean isCopy(Path folder, FileHead candidate) throws IOException {
        for (TailedLog file : logs.values()) {
            if (file.folder().equals(folder.toString()) && file.isFound() && file.isCopiedBy(candidate)) {
                return true;
            }
        }
        return false;
    }

    /** @param known whether what it holds now is left out */
    private void adopt(Path folder, Entry entry, boolean known) throws IOException {
        long id = logs.isEmpty() ? 0 : logs.lastKey() + 1;
        TailState fileState = TailedLog.untouched(
                folder.toString(), entry.name(), entry.stat().inode());
        TailedLog file = tailed(prefix + id, fileState);
        if (!file.openAt(entry.path(), entry.stat().inode())) {
            return;
        }
        if (known) {
            file.skipToEnd();
        }
        file.seen(entry.stat(), false, clocks.nanos().getAsLong());
        logs.put(id, file);
        unwritten.add(file.noted());
        log.info("source {}: reads {} from {}", settings.name(), file.shown(), file.behind());
    }

    private void unreadable(String file, IOException e) {
        blind = true;
        troubles.add("can't read " + file + ": " + e);
    }

    /** A log may be away while it is rotated; one that is away for longer may be a mistake in the settings. */
    private void absent(Path folder, DirectoryListing there) {
        long now = clocks.nanos().getAsLong();
        for (Log wanted : settings.files()) {
            if (!wanted.folder().equals(folder)) {
                continue;
            }
            NameFilter names = NameFilter.ofLogs(List.of(wanted.name()));
            Stream<Path> present = Stream.concat(
                    there.entries().stream().map(Entry::path),
                    there.links().stream().filter(Files::exists));
            if (present.anyMatch(file -> names.test(file.getFileName()))) {
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
