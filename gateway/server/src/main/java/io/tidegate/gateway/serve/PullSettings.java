package io.tidegate.gateway.serve;

import io.tidegate.settings.Section;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * Where the pull protocol is served, and how.
 *
 * @param host the address to bind
 * @param port the port; 0: any free one
 * @param openToNetwork whether others than this machine may reach it, though it has no lock
 * @param consumers how groups and sessions behave
 */
public record PullSettings(String host, int port, boolean openToNetwork, ConsumerSettings consumers) {

    /** Reads {@code pull} of the gateway's section, and what {@link ConsumerSettings#from} reads. */
    public static PullSettings from(Section gateway) {
        Section section = gateway.child("pull");
        PullSettings settings = new PullSettings(
                section.string("host"),
                section.integer("port", 0, 65535),
                section.bool("open-to-network"),
                ConsumerSettings.from(gateway, section));
        if (!settings.openToNetwork && !isLoopback(settings.host)) {
            section.mistake(
                    "host",
                    "an address of this machine's loopback, 127.0.0.1 for example, since whoever reaches the port can"
                            + " take over the processor's place; or pull.open-to-network = true where you trust"
                            + " everybody who can reach it");
        }
        return settings;
    }

    /** A name that is unknown can't be bound either, and is told then. */
    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return true;
        }
    }
}
