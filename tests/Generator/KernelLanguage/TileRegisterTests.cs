using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Lowering;
using Xunit;

namespace Strata.Generator.Tests.KernelLanguage;

/// <summary>The vectors of a tile's innermost loop fit into the registers of the processor. Otherwise each round stores some.</summary>
public sealed class TileRegisterTests(ITestOutputHelper log)
{
    [Fact]
    public void Tiles_of_the_zoo_fit_into_registers()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        var most = new Dictionary<(Tier, Type), int>();
        foreach (NetworkGraph graph in Graphs.AllOf(Graphs.ZooSources()).Values)
        {
            foreach (Tier tier in Tier.All)
            {
                foreach (Kernel kernel in TierPrograms.Lower(graph, tier, cancellationToken).Steps.Select(step => step.Kernel).Distinct())
                {
                    if (kernel is WinogradProducts or WinogradBlocks or WinogradStrips or TiledConvolution or FlatConvolution
                        or SamplesTimesPanels)
                    {
                        int live = Loops(kernel.Build().Body).Where(IsInnermost).Select(MostLive).DefaultIfEmpty().Max();
                        Assert.True(live <= tier.Registers, $"{tier.Name}: {kernel.Summary} has {live} vectors at once");
                        most[(tier, kernel.GetType())] = Math.Max(live, most.GetValueOrDefault((tier, kernel.GetType())));
                    }
                }
            }
        }

        Assert.Equal(18, most.Count);
        log.WriteLine(string.Join('\n', most.Select(one => $"{one.Key.Item1.Name} {one.Key.Item2.Name}: {one.Value}")));
    }

    /// <summary>More vectors than pixels, and the other way round: the fewer of the two stay in registers.</summary>
    [Theory]
    [InlineData(6, 2, 15)]
    [InlineData(4, 3, 16)]
    [InlineData(3, 4, 16)]
    [InlineData(2, 6, 15)]
    [InlineData(12, 1, 13)]
    [InlineData(1, 12, 13)]
    public void A_tile_of_products_keeps_the_fewer_operands(int vectors, int tiles, int expected)
    {
        var kernel = new WinogradProducts(Tier.Avx2, 36, 12, 32, 24, new Tile(vectors, 1, tiles));
        Assert.Equal(expected, Loops(kernel.Build().Body).Where(IsInnermost).Max(MostLive));
    }

    private static IEnumerable<For> Loops(Statement statement) =>
        Flat(statement).OfType<For>().SelectMany(loop => Loops(loop.Body).Prepend(loop));

    private static bool IsInnermost(For loop) => !Loops(loop.Body).Any();

    private static IEnumerable<Statement> Flat(Statement statement) => statement switch
    {
        Block block => block.Statements.SelectMany(Flat),
        Group group => group.Statements.SelectMany(Flat),
        _ => [statement],
    };

    /// <summary>The most vectors that live at one place of a loop: those that a later statement, or the next round, reads.</summary>
    private static int MostLive(For loop)
    {
        (HashSet<string> Written, HashSet<string> Read)[] steps =
            [.. Flat(loop.Body).SelectMany(Assignments).Select(one => (VectorsIn(one.Written), VectorsIn(one.Read)))];
        var live = new HashSet<string>();
        int most = 0;
        for (int round = 0; round < 2; round++)
        {
            foreach ((HashSet<string> written, HashSet<string> read) in steps.Reverse())
            {
                most = Math.Max(most, live.Union(written).Count());
                live.ExceptWith(written);
                live.UnionWith(read);
            }
        }

        return most;
    }

    private static IEnumerable<(Expression? Written, Expression? Read)> Assignments(Statement statement) => statement switch
    {
        Declare declare => declare.Bindings.Select(binding => ((Expression?)binding.Variable, binding.Value)),
        Assign assign => [(assign.Variable, assign.Value)],
        Store store => [(null, store.Value)],
        _ => [],
    };

    private static HashSet<string> VectorsIn(Expression? expression) => expression is null ? [] :
        [.. expression.InOrder().OfType<Variable>().Where(variable => variable.Type.IsWide).Select(variable => variable.Name)];
}
