using Microsoft.Extensions.Logging;
using TelemetryHub.Broker.Links;
using TelemetryHub.Broker.Operation;
using TelemetryHub.Mqtt;

namespace TelemetryHub.Broker;

/// <content>What the broker says in the log.</content>
public sealed partial class MqttBroker
{
    private static partial class Messages
    {
        [LoggerMessage(Level = LogLevel.Debug, Message = "{ClientId} connected from {Link} with {Version}")]
        public static partial void Connected(ILogger logger, string clientId, LinkInfo link, MqttVersion version);

        [LoggerMessage(Level = LogLevel.Debug, Message = "{ClientId} from {Link} disconnected: {Cause}")]
        public static partial void Disconnected(ILogger logger, string clientId, LinkInfo link, DisconnectCause cause);

        [LoggerMessage(Level = LogLevel.Information, Message = "{ClientId} from {Link} was disconnected because of what it sent: {Fault}")]
        public static partial void Faulty(ILogger logger, string clientId, LinkInfo link, ProtocolFault fault);

        [LoggerMessage(Level = LogLevel.Information, Message = "{Count} more connections ended with {Cause}; not logged one by one")]
        public static partial void Suppressed(ILogger logger, long count, DisconnectCause cause);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Refused a connection from {Link}: there are {Max} already, or the hub is stopping")]
        public static partial void TooManyConnections(ILogger logger, LinkInfo link, int max);

        [LoggerMessage(Level = LogLevel.Warning, Message = "The client id {ClientId} changes hands again and again: {Newcomer} was refused for a while, {Holder} keeps it. Two devices probably have the same id")]
        public static partial void Flapping(ILogger logger, string clientId, LinkInfo newcomer, LinkInfo holder);

        [LoggerMessage(Level = LogLevel.Information, Message = "Took up {Sessions} sessions with {Queued} messages in their queues; {Ended} had expired")]
        public static partial void Restored(ILogger logger, int sessions, long queued, int ended);

        [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} messages in the queues of sessions were in the log no more when the hub started")]
        public static partial void NotKeptSinceLastRun(ILogger logger, long count);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Retention took {Count} queued messages of {Sessions} sessions from the log before their clients came for them")]
        public static partial void NotKept(ILogger logger, long count, int sessions);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Messages that wait for their clients cannot be read from the disk; it is tried again in {Seconds} s, for about a minute in all")]
        public static partial void Unreadable(ILogger logger, double seconds);

        [LoggerMessage(Level = LogLevel.Error, Message = "An event could not be handed to all of its subscribers")]
        public static partial void RoutingFault(ILogger logger, Exception fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "Upkeep failed; it is tried again")]
        public static partial void UpkeepFault(ILogger logger, Exception fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "The access decision failed; the client was refused")]
        public static partial void AccessFault(ILogger logger, Exception fault);
    }
}
