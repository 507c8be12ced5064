namespace TelemetryHub.EndToEnd.Tests.Programs;

/// <summary>Names that no other test uses: the tests of a class share a broker.</summary>
public static class Unique
{
    private static int last;

    /// <summary>A topic like <c>will/17</c>.</summary>
    public static string Topic(string subject) => $"{subject}/{Interlocked.Increment(ref last)}";

    /// <summary>A client id of at most 23 letters and digits, as MQTT 3.1 wants it.</summary>
    public static string ClientId(string subject) => $"{subject}{Interlocked.Increment(ref last)}";
}
