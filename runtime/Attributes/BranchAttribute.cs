using System;

namespace Strata;

/// <summary>
/// Begins a branch: the layers behind it read the tensor at which the group of branches began. The first
/// <c>[Branch]</c> opens a group at the tensor before it, each further one goes back to that tensor, and
/// <see cref="AddAttribute"/>, <see cref="ConcatAttribute"/> or <see cref="MultiplyAttribute"/> joins all branches of the group and
/// closes it.
/// </summary>
/// <remarks>
/// <para>A branch without layers is the identity, such as the shortcut of a residual block (He et al. 2016):</para>
/// <code>
/// [Branch, Conv2D(64, 3, Padding = 1), ReLU, Conv2D(64, 3, Padding = 1)]
/// [Branch]
/// [Add, ReLU]
/// </code>
/// <para>A group has at least two branches. Groups nest through blocks, each of which has
/// groups of its own; within one, a <c>[Branch]</c> behind the join opens the next group.</para>
/// </remarks>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true, Inherited = false)]
public sealed class BranchAttribute : StructureAttribute;
