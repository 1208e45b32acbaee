"""Optional parts that need packages of their own; nothing else imports them."""
