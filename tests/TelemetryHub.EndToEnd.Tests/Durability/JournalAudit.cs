namespace TelemetryHub.EndToEnd.Tests.Durability;

/// <summary>Compares what publishers sent with what is in the journal: everything has to be, with QoS 2 once, and no sequence twice.</summary>
internal static class JournalAudit
{
    /// <summary>What is wrong, in words; empty when nothing is.</summary>
    public static IEnumerable<string> Problems(IEnumerable<Publication> publications, IEnumerable<DumpedEvent> events)
    {
        var last = long.MinValue;
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var dumped in events)
        {
            if (dumped.Sequence <= last) yield return $"in the journal {dumped} comes after {last}";
            last = dumped.Sequence;
            counts[dumped.Topic] = counts.GetValueOrDefault(dumped.Topic) + 1;
        }

        foreach (var topic in publications.GroupBy(publication => publication.Topic))
        {
            var (kept, sent) = (counts.GetValueOrDefault(topic.Key), topic.Count());
            if (kept < sent || (kept > sent && topic.First().IsExactlyOnce))
                yield return $"in the journal are {kept} events of {topic.Key}; {sent} were published";
        }
    }
}
