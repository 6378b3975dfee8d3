using System;

namespace Strata;

/// <summary>Makes a network trainable with a loss that you compute yourself.</summary>
/// <remarks>
/// <c>CreateTrainer</c> returns a <c>Strata.Training.Trainer</c>. In a training step, call its <c>Forward</c>, compute your loss, then call
/// its <c>Backward</c> and <c>Update</c>. A network that declares losses does not need this attribute: its trainer has these methods as
/// well.
/// </remarks>
/// <example>
/// <code>
/// [Network, Input(16), Dense(32), Tanh, Dense(8), ExternalLoss]
/// public partial class Embedding;
///
/// using Trainer trainer = net.CreateTrainer(batchSize: 64, new Adam());
/// trainer.Forward(inputs, outputs);                 // in training mode
/// ContrastiveLoss(outputs, gradients);              // yours: ∂loss/∂outputs
/// trainer.Backward(gradients);
/// trainer.Update();
/// </code>
/// </example>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Struct, AllowMultiple = false, Inherited = false)]
public sealed class ExternalLossAttribute : StructureAttribute;
