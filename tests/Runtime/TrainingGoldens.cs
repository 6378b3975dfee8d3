using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;

namespace Strata.Runtime.Tests;

/// <summary><c>Goldens/training.json</c>, written by <c>make_goldens.py</c>.</summary>
internal sealed record TrainingGoldens(
    Dictionary<string, double[]> Optimizers, Dictionary<string, double[]> Cycles, Dictionary<string, double[]> Momenta,
    Dictionary<string, double[]> Schedules, Dictionary<string, double[]> Transforms)
{
    public static TrainingGoldens All { get; } = JsonSerializer.Deserialize<TrainingGoldens>(
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Goldens", "training.json")), JsonSerializerOptions.Web)!;
}
