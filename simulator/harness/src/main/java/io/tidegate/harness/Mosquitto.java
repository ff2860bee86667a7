package io.tidegate.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The real mosquitto, where it is installed, with the settings that the delivery promise needs. */
public final class Mosquitto {

    private Mosquitto() {}

    /** Where the program is, if it is. */
    public static Optional<Path> installed() {
        return Program.installed("mosquitto");
    }

    /** A broker that keeps nothing on disk. */
    public static Program start(Path folder, String name, int port) {
        return start(folder, name, port, "");
    }

    /** A broker that saves every change of its sessions and messages at once, in {@code folder/name}. */
    public static Program startPersistent(Path folder, String name, int port) {
        Path store = folder.resolve(name);
        Unchecked.get(() -> Files.createDirectories(store));
        // As root mosquitto would become another user, who may not write there.
        return start(folder, name, port, """
                user root
                persistence true
                persistence_location %s/
                autosave_on_changes true
                autosave_interval 1
                """.formatted(store));
    }

    private static Program start(Path folder, String name, int port, String more) {
        Path configuration = folder.resolve(name + ".conf");
        String settings = """
                listener %d 127.0.0.1
                allow_anonymous true
                max_queued_messages 0
                max_inflight_messages 1000
                max_topic_alias 0
                """.formatted(port) + more;
        Unchecked.get(() -> Files.writeString(configuration, settings));
        return Program.start(
                folder, name, List.of(installed().orElseThrow().toString(), "-c", configuration.toString()));
    }
}
