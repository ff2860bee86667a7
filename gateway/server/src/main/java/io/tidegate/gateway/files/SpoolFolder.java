package io.tidegate.gateway.files;

import io.tidegate.gateway.decode.LineDecoder;
import io.tidegate.gateway.decode.LineDecoders;
import io.tidegate.gateway.files.SpoolFile.Task;
import io.tidegate.gateway.files.SpoolNote.Position;
import io.tidegate.gateway.files.SpoolNote.State;
import io.tidegate.gateway.log.Mark;
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
 * the same commits as their lines, and never in the folder: {@link Verdict} says what follows from it.
 */
final class SpoolFolder implements Watch {

    private static final Logger log = LoggerFactory.getLogger(SpoolFolder.class);

    private final SpoolSettings settings;
    private final LineDecoders decoders;
    private final FileMeters meters;
    private final Clocks clocks;
    private final NameFilter names;
    private final Arrivals arrivals;
    private final Tidying tidying;
    private final SpoolNotes notes;
    // Of the last look and the round behind it.
    private final List<String> troubles = new ArrayList<>();

    SpoolFolder(SpoolSettings settings, Marks marks, LineDecoders decoders, FileMeters meters, Clocks clocks) {
        SpoolSettings.Rules rules = settings.rules();
        this.settings = settings;
        this.decoders = decoders;
        this.meters = meters;
        this.clocks = clocks;
        this.names = NameFilter.of(
                rules.match(),
                rules.ignore(),
                rules.done() == SpoolSettings.Done.RENAME ? Stream.of(rules.suffix()) : Stream.empty());
        this.arrivals = new Arrivals(rules.settle(), clocks.nanos());
        this.tidying = new Tidying(settings);
        this.notes = new SpoolNotes(settings.name(), rules.remember(), marks);
    }

    @Override
    public Look look() {
        troubles.clear();
        boolean blind;
        Map<String, Path> paths = new HashMap<>();
        Map<String, Stat> there = new TreeMap<>();
        try {
            Folder listed = Folder.list(settings.dir(), names);
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
        List<Reading> found = new ArrayList<>();
        for (String name : arrivals.settled(there)) {
            Path path = Objects.requireNonNull(paths.get(name));
            judge(new Seen(name, path, there.getOrDefault(name, Arrivals.NONE))).ifPresent(found::add);
        }
        notes.present(there.keySet(), nowMs());
        List<Mark> unwritten = notes.unwritten();
        if (!unwritten.isEmpty()) {
            found.add(
                    0,
                    new Once(stampMs ->
                            new Piece(settings.dir().toString(), Piece.NOTHING, unwritten, notes::allWritten)));
        }
        meters.waiting(notes.waiting(there.keySet()));
        return new Look(found, List.copyOf(troubles), blind);
    }

    private Optional<Reading> judge(Seen file) {
        Optional<SpoolNote> known = notes.of(file.name());
        if (known.isEmpty()) {
            return Optional.of(reading(file, Position.START));
        }
        SpoolNote note = known.get();
        return switch (verdict(file, note)) {
            case START -> Optional.of(reading(file, Position.START));
            case GO_ON -> Optional.of(reading(file, note.position()));
            case CHANGED -> Optional.of(SpoolFile.changed(task(file, note.position()), kind(), this::onDisk));
            case FINISH -> {
                finish(file, note);
                yield Optional.empty();
            }
            case QUARANTINE -> {
                quarantine(file, note);
                yield Optional.empty();
            }
            case LEAVE -> {
                notes.seen(file.name(), note, file.stat());
                yield Optional.empty();
            }
        };
    }

    /** A file that can't be compared with what is known of it is read from where it was left: that will say why. */
    private Verdict verdict(Seen file, SpoolNote note) {
        try {
            boolean stays = settings.rules().done() == SpoolSettings.Done.TRACK;
            return Verdict.of(file.path(), file.stat(), note, stays);
        } catch (IOException e) {
            return Verdict.GO_ON;
        }
    }

    private Reading reading(Seen file, Position from) {
        FileRules rules = settings.rules().files();
        return new Later(() -> {
            LineDecoder decoder = decoders.open(kind(), rules.host(), rules.strip(), from.directives());
            return new SpoolFile(task(file, from), decoder, kind(), this::onDisk);
        });
    }

    private Task task(Seen file, Position from) {
        return new Task(file.path(), notes.key(file.name()), file.stat(), from);
    }

    private LineDecoder.Kind kind() {
        return settings.rules().files().decoder();
    }

    /** What has become of a file is on disk; told while a round is running, one call at a time. */
    private void onDisk(Task task, SpoolNote note) {
        Seen file = new Seen(FileNames.of(task.path()), task.path(), task.stat());
        notes.written(file.name(), note);
        if (note.state() == State.COMPLETE) {
            meters.completed();
            finish(file, note);
        } else if (note.state() == State.BAD) {
            meters.bad();
            log.warn("source {}: {} is bad: {}", settings.name(), FileNames.shown(file.path()), note.reason());
            quarantine(file, note);
        }
    }

    private void finish(Seen file, SpoolNote note) {
        if (note.state() == State.DONE) {
            meters.repeated();
            log.info(
                    "source {}: {} has come again, its lines are known", settings.name(), FileNames.shown(file.path()));
        }
        tidy(file, note, () -> tidying.finish(file.path(), file.stat(), note.position()));
    }

    private void quarantine(Seen file, SpoolNote note) {
        tidy(file, note, () -> tidying.quarantine(file.path(), note.reason()));
    }

    private void tidy(Seen file, SpoolNote note, Tidy how) {
        try {
            if (how.happened()) {
                notes.over(file.name(), note, nowMs());
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
    private record Seen(String name, Path path, Stat stat) {}

    @FunctionalInterface
    private interface Tidy {
        boolean happened() throws IOException;
    }
}
