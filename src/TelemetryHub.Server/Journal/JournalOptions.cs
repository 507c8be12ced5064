using TelemetryHub.Core.Log;
using TelemetryHub.Server.Configuration;

namespace TelemetryHub.Server.Journal;

/// <summary>Durability: section <c>Journal</c>.</summary>
public sealed class JournalOptions : ICheckedOptions
{
    [Key("what an acknowledgement to a publisher promises")]
    public AcknowledgeLevel Acknowledge { get; init; }

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Check()
    {
        // Accepting the word and not keeping the promise would be the one unforgivable thing.
        if (Acknowledge != AcknowledgeLevel.Memory)
            yield return (nameof(Acknowledge), "this version has no journal on disk yet: only 'memory' can be kept");
    }
}
