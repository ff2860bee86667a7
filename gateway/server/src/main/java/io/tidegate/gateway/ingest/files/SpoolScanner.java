package io.tidegate.gateway.ingest.files;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.ingest.files.SpoolFileReader.Task;
import io.tidegate.gateway.ingest.files.SpoolFileState.Position;
import io.tidegate.gateway.ingest.files.SpoolFileState.State;
import io.tidegate.gateway.log.StateUpdate;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A spool directory: complete files are moved into it, each is read once, the oldest first, and then renamed, deleted or
 * tracked. A file that can't be read goes to quarantine and the others go on. What is known of the files is in the log, in
 * the same commits as their lines, and never in the folder: {@link SpoolAction} says what follows from it.
 */
final class SpoolScanner implements FileScanner {

    private static final Logger log = LoggerFactory.getLogger(SpoolScanner.class);

    private final SpoolSettings settings;
    private final LineDecoders decoders;
    private final FileMeters meters;
    private final Clocks clocks;
    private final NameFilter names;
    private final SettledFiles arrivals;
    private final SpoolCleanup tidying;
    private final SpoolState fileStates;
    // Of the last look and the round behind it.
    private final List<String> troubles = new ArrayList<>();

    SpoolScanner(SpoolSettings settings, StoredState state, LineDecoders decoders, FileMeters meters, Clocks clocks) {
        SpoolSettings.Rules rules = settings.rules();
        this.settings = settings;
        this.decoders = decoders;
        this.meters = meters;
        this.clocks = clocks;
        this.names = NameFilter.of(
                rules.match(),
                rules.ignore(),
                rules.done() == SpoolSettings.Done.RENAME ? Stream.of(rules.suffix()) : Stream.empty());
        this.arrivals = new SettledFiles(rules.settle(), clocks.nanos());
        this.tidying = new SpoolCleanup(settings);
        this.fileStates = new SpoolState(settings.name(), rules.remember(), state);
    }

    @Override
    public Look look() {
        troubles.clear();
        boolean blind;
        Map<String, Path> paths = new HashMap<>();
        Map<String, FileStat> there = new TreeMap<>();
        try {
            DirectoryListing listed = DirectoryListing.list(settings.dir(), names);
            listed.entries().forEach(entry -> {
                paths.put(entry.name(), entry.path());
                there.put(entry.name(), entry.stat());
            });
            listed.links().forEach(link -> troubles.add(FileNames.shown(link) + " is a link, which is not followed"));
            troubles.addAll(listed.troubles());
            blind = !listed.troubles().isEmpty();
        } catch (IOException | DirectoryIteratorException e) {
            return new Look(List.of(), List.of("can't look into the folder: " + e), true);
        }
        List<BatchReader> found = new ArrayList<>();
        for (String name : arrivals.settled(there)) {
            Path path = Objects.requireNonNull(paths.get(name));
            judge(new Seen(name, path, there.getOrDefault(name, SettledFiles.NONE)))
                    .ifPresent(found::add);
        }
        fileStates.present(there.keySet(), nowMs());
        List<StateUpdate> unwritten = fileStates.unwritten();
        if (!unwritten.isEmpty()) {
            found.add(
                    0,
                    new SingleBatchReader(stampMs -> new LineBatch(
                            settings.dir().toString(), LineBatch.NOTHING, unwritten, fileStates::allWritten)));
        }
        meters.waiting.set(fileStates.waiting(there.keySet()));
        return new Look(found, List.copyOf(troubles), blind);
    }

    private Optional<BatchReader> judge(Seen file) {
        Optional<SpoolFileState> known = fileStates.of(file.name());
        if (known.isEmpty()) {
            return Optional.of(reading(file, Position.START, false));
        }
        SpoolFileState fileState = known.get();
        return switch (action(file, fileState)) {
            case START -> Optional.of(reading(file, Position.START, false));
            case GO_ON -> Optional.of(reading(file, fileState.position(), false));
            case CHANGED -> Optional.of(reading(file, fileState.position(), true));
            case FINISH -> {
                finish(file, fileState);
                yield Optional.empty();
            }
            case QUARANTINE -> {
                quarantine(file, fileState);
                yield Optional.empty();
            }
            case LEAVE -> {
                fileStates.seen(file.name(), fileState, file.stat());
                yield Optional.empty();
            }
        };
    }

    /** A file that can't be compared with what is known of it is read from where it was left: that will say why. */
    private SpoolAction action(Seen file, SpoolFileState fileState) {
        try {
            boolean stays = settings.rules().done() == SpoolSettings.Done.TRACK;
            return SpoolAction.of(file.path(), file.stat(), fileState, stays);
        } catch (IOException e) {
            return SpoolAction.GO_ON;
        }
    }

    private BatchReader reading(Seen file, Position from, boolean changed) {
        FileSettings rules = settings.rules().files();
        return new LazyReader(() -> {
            Task task = new Task(file.path(), fileStates.key(file.name()), file.stat(), from, changed);
            LineDecoder decoder = decoders.open(rules.decoder(), rules.host(), rules.strip(), from.directives());
            return new SpoolFileReader(task, decoder, rules.decoder(), this::onDisk);
        });
    }

    /** What has become of a file is on disk; told while a round is running, one call at a time. */
    private void onDisk(Task task, SpoolFileState fileState) {
        Seen file = new Seen(FileNames.of(task.path()), task.path(), task.stat());
        fileStates.written(file.name(), fileState);
        if (fileState.state() == State.COMPLETE) {
            meters.completed.increment();
            finish(file, fileState);
        } else if (fileState.state() == State.BAD) {
            meters.bad.increment();
            log.warn("source {}: {} is bad: {}", settings.name(), FileNames.shown(file.path()), fileState.reason());
            quarantine(file, fileState);
        }
    }

    private void finish(Seen file, SpoolFileState fileState) {
        if (fileState.state() == State.DONE) {
            meters.repeated.increment();
            log.info(
                    "source {}: {} has come again, its lines are known", settings.name(), FileNames.shown(file.path()));
        }
        tidy(file, fileState, () -> tidying.finish(file.path(), file.stat(), fileState.position()));
    }

    private void quarantine(Seen file, SpoolFileState fileState) {
        tidy(file, fileState, () -> tidying.quarantine(file.path(), fileState.reason()));
    }

    private void tidy(Seen file, SpoolFileState fileState, Tidy how) {
        try {
            if (how.happened()) {
                fileStates.over(file.name(), fileState, nowMs());
            }
        } catch (NoSuchFileException e) {
            // Somebody was faster; the next look does not find it either.
        } catch (IOException e) {
            troubles.add("can't put away " + FileNames.shown(file.path()) + ": " + e);
        }
    }

    private long nowMs() {
        return clocks.wall().millis();
    }

    @Override
    public void close() {
        // Files are open only while they are read.
    }

    /** A file of the last look. */
    private record Seen(String name, Path path, FileStat stat) {}

    @FunctionalInterface
    private interface Tidy {
        boolean happened() throws IOException;
    }
}
