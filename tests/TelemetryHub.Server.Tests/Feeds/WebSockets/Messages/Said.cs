using System.Text;
using TelemetryHub.Server.Feeds.WebSockets;
using TelemetryHub.Server.Feeds.WebSockets.Messages;

namespace TelemetryHub.Server.Tests.Feeds.WebSockets.Messages;

/// <summary>What a client's frame was understood as, one short text per message.</summary>
internal static class Said
{
    public static List<string> InJson(string text) => In(StreamProtocol.Json, Encoding.UTF8.GetBytes(text));

    public static List<string> InCbor(string hex) => In(StreamProtocol.Cbor, Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal)));

    public static List<string> In(StreamProtocol protocol, byte[] content)
    {
        var reader = new MessageReader(protocol, content);
        var said = new List<string>();
        while (reader.TryNext(out var result)) said.Add(Show(result, protocol));
        return said;
    }

    private static string Show(MessageResult result, StreamProtocol protocol)
    {
        var text = new StringBuilder();
        if (result.Ref.Length > 0) text.Append(protocol == StreamProtocol.Json ? Encoding.UTF8.GetString(result.Ref) : Convert.ToHexString(result.Ref)).Append(": ");
        if (result.Problem is { } problem) return text.Append(Answer.NameOf(problem.Code)).Append(": ").Append(problem.Message).ToString();
        return text.Append(Show(result.Message!)).ToString();
    }

    private static string Show(ClientMessage message) => message.Type switch
    {
        MessageType.Subscribe => $"subscribe {message.Sub} [{string.Join(' ', message.Topics)}] {string.Join(' ', message.Options.Select(option => $"{option.Key}={option.Value}"))}".TrimEnd(),
        MessageType.Unsubscribe => $"unsubscribe {message.Sub}",
        MessageType.Publish => $"publish {message.Topic} {Convert.ToHexString(message.Payload)} q{(int)message.QoS}{(message.Retain ? " retain" : "")}",
        _ => message.Type.ToString().ToLowerInvariant(),
    };
}
