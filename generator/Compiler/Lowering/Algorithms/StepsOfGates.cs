using System;
using System.Collections.Generic;
using System.Linq;
using Strata.Compiler.Graph;
using Strata.Compiler.KernelLanguage;
using Strata.Compiler.Kernels;
using Strata.Compiler.Operators;
using static Strata.Compiler.Lowering.ProgramBuilder;

namespace Strata.Compiler.Lowering.Algorithms;

/// <summary>
/// A recurrent layer for one sample. First come the products with the input, of all steps at once, then step by step those with the state.
/// Both read weights that are packed with units in lanes.
/// </summary>
internal sealed class StepsOfGates(RecurrentOperation operation, LayerGroup group, Tier tier) : Algorithm
{
    private const string InputWeights = "inputWeights", StateWeights = "stateWeights", Biases = "biases";

    private readonly GatePanels _panels = GatePanels.Of(tier, operation.Gates, operation.Cell.Hidden);

    private int Directions => operation.Cell.Directions;

    private int Features => group.Input.Shape.Channels;

    public override IEnumerable<(string Name, int Length)> Derived =>
    [
        (InputWeights, OfAll((long)Features * _panels.Sums)), (StateWeights, OfAll(_panels.StateWeights)),
        .. operation.Cell.Bias ? [(Biases, OfAll(2L * _panels.Sums))] : Array.Empty<(string, int)>(),
    ];

    public override Cost PreparationCycles => StepCosts.ElementMoves(tier, Derived.Sum(values => (long)values.Length));

    public override GroupLayout Arrange(LayoutRequest at) => at.Planar();

    public override void Prepare(ProgramBuilder builder)
    {
        int lanes = tier.Lanes, vectorWeights = Features * lanes;
        var ofInput = new GatePacking(
            _panels, Features, _panels.Panels * _panels.Vectors * vectorWeights, vectorWeights, _panels.Vectors * vectorWeights, lanes);
        var ofState = new GatePacking(
            _panels, _panels.Units, _panels.Vectors * lanes, lanes, _panels.Units * _panels.Width, _panels.Width);
        var biases = new GatePacking(_panels, 1, _panels.Padded, lanes, _panels.Vectors * lanes, lanes);
        for (int direction = 0; direction < Directions; direction++)
        {
            Add(RecurrentOperation.OfInput, ofInput, InputWeights, direction * Features * _panels.Sums);
            Add(RecurrentOperation.OfState, ofState, StateWeights, direction * _panels.StateWeights);
            if (operation.Cell.Bias)
            {
                Add(RecurrentOperation.InputBias, biases, Biases, direction * 2 * _panels.Sums);
                Add(RecurrentOperation.StateBias, biases, Biases, ((direction * 2) + 1) * _panels.Sums);
            }

            void Add(string parameter, GatePacking kernel, string derived, int offset)
            {
                string suffix = RecurrentOperation.Suffix(parameter, operation.Cell, direction);
                builder.Add(
                    MethodName(group, "Packing"), $"{group.Head.Name}.{suffix} with units in lanes", kernel,
                    StepCosts.ElementMoves(tier, kernel.Copied), builder.Parameter(group.Head, suffix),
                    builder.Derived(group.Head, derived).From(offset));
            }
        }
    }

    public override TensorBuffer Forward(ForwardContext at)
    {
        ProgramBuilder builder = at.Builder;
        Node node = at.Group.Head;
        TensorBuffer x = at.Read(), y = at.ResultToClear();
        int length = node.Shape.Width, sums = Directions * _panels.Sums, lanes = tier.Lanes;
        var kernel = new RecurrentKernel(operation, _panels, length, y.ChannelPitch);
        TensorBuffer ofInput = builder.Buffer(
            TensorName.Of(node, "sums"),
            Shape.Vector(NetworkTooLargeException.Check((long)length * sums, "sums of a recurrent layer's gates")), Layout.Flat);

        // Each vector of sums has its own matrix of weights, and reads the same input.
        var products = new MatrixProductKernel(
            tier, sums / lanes, Planes: 1, Rows: length, Columns: lanes, Inner: Features,
            new MatrixPlaces(0, 0, x.ChannelPitch, IsTransposed: true), new MatrixPlaces(Features * lanes, 0, lanes),
            new MatrixPlaces(lanes, 0, sums));
        builder.Add(
            MethodName(at.Group, "Input"),
            $"{node.Name}: products with the input; {Arithmetic.Grouped(2 * products.MultiplyAdds * lanes)} FLOPs", products,
            StepCosts.Tiles(tier, products.MultiplyAdds, products.Tiles),
            Read(x), builder.Derived(node, InputWeights), Write(ofInput));
        builder.Add(
            MethodName(at.Group), Describe(at.Group), kernel,
            StepCosts.VectorTimesMatrix(tier, kernel.WeightVectors, ElementType.Float) + StepCosts.Softmax(tier, kernel.Exponentials),
            [
                Read(ofInput), builder.Derived(node, StateWeights),
                .. operation.Cell.Bias ? [builder.Derived(node, Biases)] : Array.Empty<Operand>(),
                Write(y), builder.Scratch(node, "states", kernel.States), builder.Scratch(node, "products", _panels.Sums),
                .. operation.Memory is null ? Array.Empty<Operand>() : [builder.Scratch(node, "memory", _panels.Padded)],
            ]);
        builder.ClearHalo(y);
        return y;
    }

    private int OfAll(long ofDirection) =>
        NetworkTooLargeException.Check(Directions * ofDirection, $"packed weights of {group.Head.Name}");
}
