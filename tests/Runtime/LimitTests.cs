using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Strata.Pictures;
using Strata.Tests;
using Strata.Training;
using Xunit;

namespace Strata.Runtime.Tests;

/// <summary>Limits of the library: processors, numbers, optimizers, files.</summary>
public sealed class LimitTests
{
    [Fact]
    public void All_instruction_sets_are_of_processors() =>
        Limit.Holds("no GPU", Enum.GetNames<Isa>() is ["Vector128", "Avx2", "Avx512"]);

    [Fact]
    public void Weights_are_floats_or_bfloat16() =>
        Limit.Holds("32-bit floats", Enum.GetNames<WeightStorage>() is [nameof(WeightStorage.Float32), nameof(WeightStorage.BFloat16)]);

    /// <summary>An update gets a piece of a parameter, and neither its shape nor the others.</summary>
    [Fact]
    public void An_update_sees_no_matrix()
    {
        IEnumerable<Type> parameters = typeof(Optimizer)
            .GetMethods(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
            .Where(method => method.IsFamily && method.IsVirtual && !method.IsSpecialName)
            .SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType);
        Limit.Holds(
            "an optimizer of your own updates element by element",
            parameters.All(type => type == typeof(UpdateContext)) && typeof(UpdateContext).GetProperty("Shape") is null);
    }

    [Fact]
    public void Memory_for_an_optimizer_of_ones_own_has_copies()
    {
        using var network = new LinearNetwork();
        Limit.Holds(
            "parameters and the optimizer's state are copied before each update",
            MemoryUse.Of(network, 3, new FreeOptimizer(_ => { })).Training > MemoryUse.Of(network, 3, new Sgd(0.1)).Training);
    }

    /// <summary>Ranks can add up numbers and copy all of them. Neither divides a network's parameters.</summary>
    [Fact]
    public void Processes_exchange_sums_and_copies_only()
    {
        IEnumerable<string> operations = typeof(ICollectives).GetMethods().Select(method => method.Name)
            .Where(name => name.StartsWith("Begin", StringComparison.Ordinal)).Distinct();
        Limit.Holds(
            "each process holds the whole network",
            operations.SequenceEqual([nameof(ICollectives.BeginAllReduce), nameof(ICollectives.BeginBroadcast)]));
    }

    [Fact]
    public void A_file_of_PyTorch_is_refused()
    {
        using var network = new LinearNetwork();
        Limit.Throws<WeightsFormatException>(
            "`Load` reads safetensors only", () => network.Load(new byte[] { 0x80, 2, 0x8A, 10 }.AsMemory()));
    }

    [Fact]
    public void A_JPEG_file_is_refused() => Limit.Throws<InvalidDataException>(
        "`Picture` reads PNG only", () => Picture.Load([0xFF, 0xD8, 0xFF, 0xE0, 0, 16, .. "JFIF\0"u8]));
}
