package io.tidegate.gateway.pull;

import io.tidegate.gateway.consumer.ConsumerSettings;
import io.tidegate.settings.Section;

/**
 * Where the pull protocol is served, and how.
 *
 * @param host the address to bind
 * @param port the port; 0: any free one
 * @param consumers how groups and sessions behave
 */
public record PullSettings(String host, int port, ConsumerSettings consumers) {

    /** Reads {@code pull} of the gateway's section, and what {@link ConsumerSettings#from} reads. */
    public static PullSettings from(Section gateway) {
        Section section = gateway.child("pull");
        return new PullSettings(
                section.string("host"), section.integer("port", 0, 65535), ConsumerSettings.from(gateway, section));
    }
}
