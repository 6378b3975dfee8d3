using System;
using System.Linq;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>Random nests: printed and compiled, shared and narrowed, they compute what the interpreter does.</summary>
public sealed class RandomNestTests
{
    /// <summary>Of one form.</summary>
    private const int Alike = 3;

    [Theory]
    [InlineData("Vector128", 40)]
    [InlineData("Avx2", 15)]
    [InlineData("Avx512", 15)]
    public void Printed_nests_compute_what_the_interpreter_does(string name, int forms)
    {
        Tier tier = Tier.All.Single(t => t.Name == name);
        Assert.SkipUnless(CompiledNests.Runs(tier), $"This machine has no vectors of {32 * tier.Lanes} bits.");
        Nest[] nests = [.. Enumerable.Range(0, Alike * forms).Select(i => new RandomNests(i / Alike, i, tier.Lanes).Next())];
        SharedNest[] shared = Sharing.Share(nests, TestContext.Current.CancellationToken);
        Assert.True(shared.Count(s => s.Extents.Count > 0) > nests.Length / 2);
        var compiled = new CompiledNests(tier, [.. nests.Select(CompiledNests.Alone), .. shared]);
        for (int i = 0; i < nests.Length; i++)
        {
            Array[] Memory() => CompiledNests.Memory(nests[i], tier.Lanes, seed: i);
            (Array[] interpreted, Array[] alone, Array[] together) = (Memory(), Memory(), Memory());
            NestInterpreter.Run(nests[i], tier.Lanes, CompiledNests.Arguments(nests[i], interpreted));
            compiled.Run(i, alone);
            compiled.Run(nests.Length + i, together);
            CompiledNests.AssertSame(interpreted, alone, nests[i]);
            CompiledNests.AssertSame(interpreted, together, shared[i].Nest);
        }
    }

    [Fact]
    public void Narrowed_nests_compute_what_the_first_lane_does()
    {
        const int Count = 60, Lanes = 4;
        Nest[] nests = [.. Enumerable.Range(0, Count).Select(i => new RandomNests(i, i, Lanes, isNarrow: true).Next())];
        Nest[] narrow = [.. nests.Select(Narrowing.Narrow)];
        var compiled = new CompiledNests(Tier.Vector128, [.. narrow.Select(CompiledNests.Alone)]);
        for (int i = 0; i < Count; i++)
        {
            Array[] Memory() => CompiledNests.Memory(nests[i], Lanes, seed: i);
            (Array[] wide, Array[] interpreted, Array[] computed) = (Memory(), Memory(), Memory());
            NestInterpreter.Run(nests[i], Lanes, CompiledNests.Arguments(nests[i], wide));
            NestInterpreter.Run(narrow[i], Lanes, CompiledNests.Arguments(narrow[i], interpreted));
            compiled.Run(i, computed);
            CompiledNests.AssertSame(interpreted, computed, narrow[i]);
            Assert.Equal(FirstLanes(wide), FirstLanes(interpreted));
        }

        // Vectors are written at multiples of their length.
        static float[] FirstLanes(Array[] memory) => [.. ((float[])memory[2]).Where((_, i) => i % Lanes == 0)];
    }
}
