"""Small things every floor may use: money, phones, clock, actor, refusals. Knows no Django models."""
