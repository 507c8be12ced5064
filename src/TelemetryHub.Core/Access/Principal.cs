namespace TelemetryHub.Core.Access;

/// <summary>Who is acting: what the rules are asked about.</summary>
/// <param name="ClientId">The client id; empty for readers that have none.</param>
/// <param name="User">The user whose credentials were checked; null for anonymous.</param>
public sealed record Principal(string ClientId, string? User)
{
    /// <summary>The hub itself: may do anything.</summary>
    public static Principal Hub { get; } = new("", "$hub");

    /// <inheritdoc/>
    public override string ToString() => ClientId;
}
